import { secrets } from "../../../cli/doctor/checks/secrets.ts";
import { secretsKey } from "../../../cli/doctor/checks/secrets-key.ts";
import { Environment } from "../../../cli/environment/environment.ts";
import { type AwsAnswer, startAwsAnswers } from "../../support/aws-answers.ts";
import { deployedOutputs } from "../../support/deployed.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/new";

/** What doctor says of the key of secrets that lie so. */
async function look(parameter: object, key?: string, kind: Environment["kind"] = "deployed") {
  return lookAt(() => ({ body: { Parameters: [{ Type: "SecureString", ...parameter }] } }), key, kind);
}

async function lookAt(answer: () => AwsAnswer, key: string | undefined, kind: Environment["kind"]) {
  const aws = await startAwsAnswers(answer);
  try {
    const outputs = { ...deployedOutputs(aws.endpoint), ...(key === undefined ? {} : { secretsKey: key }) };
    const place = { region: "eu-west-1", endpoint: aws.endpoint };
    const environment = new Environment(kind, outputs, place, {
      retryPolicy: { attempts: 1, attemptMilliseconds: 20_000 },
    });
    const signal = new AbortController().signal;
    return await secretsKey.run({ environment, genesys: undefined, signal, now: Date.now });
  } finally {
    await aws.stop();
  }
}

test.each([
  ["its ARN", { KeyId: KEY }, KEY],
  ["its id", { KeyId: "new" }, KEY],
  ["SSM's own alias", { KeyId: "alias/aws/ssm" }, "alias/aws/ssm"],
])("a secret under the environment's key, told by %s", async (_, parameter, key) => {
  expect(await look(parameter, key)).toMatchObject([{ state: "ok", check: "key of the secrets" }]);
});

test.each([
  ["another key", { KeyId: "arn:aws:kms:eu-west-1:123456789012:key/old" }, KEY],
  ["SSM's own", { KeyId: "alias/aws/ssm" }, KEY],
  ["a key that is no more the environment's", { KeyId: KEY }, "alias/aws/ssm"],
])("a secret under %s wants to be encrypted anew", async (_, parameter, key) => {
  const [found] = await look(parameter, key);
  expect(found).toMatchObject({
    state: "warning",
    found: expect.stringContaining("/genesys-events/production/webhook"),
    remedy: expect.stringContaining("secret rekey --environment production"),
  });
});

test("a secret that somebody has put there in plain text", async () => {
  expect(await look({ Type: "String" }, KEY)).toMatchObject([
    { state: "warning", found: expect.stringContaining("is not encrypted") },
  ]);
});

test("who may not look is told so", async () => {
  const found = await lookAt(() => ({ error: "AccessDeniedException", body: {} }), KEY, "deployed");
  expect(found).toMatchObject([{ state: "warning" }]);
});

test.each([
  [KEY, `--type SecureString --key-id ${KEY} --name /destination `],
  ["alias/aws/ssm", "--type SecureString --name /destination "],
])("credentials that a person puts there by hand belong under the key %s too", async (key, words) => {
  const aws = await startAwsAnswers(() => ({ body: { Parameter: { Value: "REPLACE-ME" } } }));
  try {
    const outputs = {
      ...deployedOutputs(aws.endpoint),
      secretParameters: { destination: "/destination" },
      secretsKey: key,
    };
    const place = { region: "eu-west-1", endpoint: aws.endpoint };
    const environment = new Environment("deployed", outputs, place);
    const signal = new AbortController().signal;
    const [found] = await secrets.run({ environment, genesys: undefined, signal, now: Date.now });
    expect(found).toMatchObject({ state: "failure", remedy: expect.stringContaining(words) });
  } finally {
    await aws.stop();
  }
});

test("there is nothing to look at on this machine, nor where a stack from before does not say which key", async () => {
  expect(await look({ KeyId: "x" }, KEY, "local")).toEqual([]);
  expect(await look({ KeyId: "x" })).toEqual([]);
});
