import * as fc from "fast-check";
import { ConfigurationError, readConfiguration } from "../../infra/configuration.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { guardedInput, type Synthesised, synthesise } from "../support/synthesise.ts";

/** What AWS wants to be different within an account, by the attribute that holds it. */
const NAMES = ["name", "function_name", "alarm_name", "dashboard_name", "domain_name", "bucket"];

/** Names whose scope is not the account but what the resource belongs to. */
const INNER = new Set(["aws_iam_role_policy", "aws_apigatewayv2_stage", "aws_lambda_alias"]);

/** `aws_sqs_queue genesys-events-dev-queue`, for everything that has a name of its own. */
function namesIn(stack: Synthesised): string[] {
  return Object.keys(stack.json["resource"] as object)
    .filter((type) => !INNER.has(type))
    .flatMap((type) =>
      Object.values(stack.resources(type)).flatMap((resource) =>
        NAMES.flatMap((attribute) => {
          const name = resource[attribute];
          return typeof name === "string" && !name.startsWith("$") ? [`${type} ${name}`] : [];
        }),
      ),
    );
}

const word = fc.constantFrom("a", "b", "dead", "letter", "queue", "dev", "events");
const name = fc.array(word, { minLength: 1, maxLength: 2 }).map((words) => words.join("-"));
const environment = fc.record({ namePrefix: name, environment: name });

function inputOf(namePrefix: string, which: string): EnvironmentInput {
  const { domain, sources } = guardedInput;
  return {
    ...guardedInput,
    namePrefix,
    backend: { kind: "s3", bucket: "state", key: which, region: "eu-west-1" },
    ...(domain ? { domain: { ...domain, name: `${which}.example.com` } } : {}),
    sources: {
      ...sources,
      eventbridge: { partnerEventSource: `aws.partner/genesys.com/cloud/1/${which}` },
    },
  };
}

test("whatever two environments are called, they meet nowhere in one account, or are refused", () => {
  let met = 0;
  fc.assert(
    fc.property(environment, environment, (one, two) => {
      fc.pre(one.environment !== two.environment);
      const inputs = {
        [one.environment]: inputOf(one.namePrefix, "one"),
        [two.environment]: inputOf(two.namePrefix, "two"),
      };
      try {
        readConfiguration(inputs);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        expect(error.findings.join()).toContain("would be the name of something");
        return;
      }
      met++;
      const [first, second] = Object.entries(inputs).map(([key, input]) => namesIn(synthesise(input, key)));
      expect((first ?? []).filter((each) => second?.includes(each))).toEqual([]);
    }),
    {
      numRuns: 8,
      examples: [
        [
          { namePrefix: "a", environment: "dev" },
          { namePrefix: "a", environment: "dev-dead-letter" },
        ],
      ],
    },
  );
  expect(met).toBeGreaterThan(0);
});
