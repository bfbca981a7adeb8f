import { dirname } from "node:path";
import { adaptStack } from "../local/stack/adapt-stack.ts";
import type { LocalStack } from "../local/stack/model.ts";
import { readStack, type SynthesisedStack } from "../local/stack/read.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./aws/event-bridge.ts";
import type { Expiration } from "./aws/s3.ts";

/** What the models need of a synthesised stack: what the local run reads, and what only AWS enforces. */
export interface SimulatedStack extends LocalStack {
  readonly name: string;
  readonly expirations: readonly Expiration[];
  readonly throttling: Throttling;
  /** By route key: of those that have their own. */
  readonly routeThrottling: ReadonlyMap<string, Throttling>;
  /** The state table's attribute with an item's end. */
  readonly timeToLive: string | undefined;
  /** By function name. */
  readonly reservedConcurrency: ReadonlyMap<string, number>;
  /** Names of the functions whose own loops Lambda lets go on. */
  readonly allowsRecursion: ReadonlySet<string>;
  /** Of rules that put events on a queue, by the rule's name. */
  readonly retryPolicies: ReadonlyMap<string, RetryPolicy>;
}

interface Throttling {
  readonly ratePerSecond: number;
  readonly burst: number;
}

type Attributes = Readonly<Record<string, unknown>>;

/** Of an account and region, where the stage says nothing: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ACCOUNT_THROTTLING = { ratePerSecond: 10_000, burst: 5_000 } as const;

/** Reads a `cdk.tf.json`. @throws {StackError} at what the local run does not understand */
export async function readSimulatedStack(file: string): Promise<SimulatedStack> {
  const synthesised = await readStack(file);
  const stack = adaptStack(synthesised, {
    region: synthesised.region,
    account: "000000000000",
    cloudUrl: "https://aws.invalid",
    apiUrl: "https://api.invalid",
    folder: dirname(file),
  });
  const [stage] = attributesOf(synthesised, "aws_apigatewayv2_stage");
  const route = block(stage?.["default_route_settings"]);
  return {
    ...stack,
    name: synthesised.name,
    expirations: attributesOf(synthesised, "aws_s3_bucket_lifecycle_configuration").flatMap(expirationsOf),
    throttling: throttlingOf(route),
    routeThrottling: new Map(
      [stage?.["route_settings"] ?? []].flat().map((each) => {
        const settings = block(each);
        return [String(settings?.["route_key"]), throttlingOf(settings)] as const;
      }),
    ),
    timeToLive: block(attributesOf(synthesised, "aws_dynamodb_table")[0]?.["ttl"])?.["attribute_name"] as
      | string
      | undefined,
    reservedConcurrency: new Map(
      attributesOf(synthesised, "aws_lambda_function").flatMap((each) =>
        typeof each["reserved_concurrent_executions"] === "number"
          ? [[String(each["function_name"]), each["reserved_concurrent_executions"]] as const]
          : [],
      ),
    ),
    allowsRecursion: new Set(
      attributesOf(synthesised, "aws_lambda_function_recursion_config")
        .filter((each) => each["recursive_loop"] === "Allow")
        .flatMap((each) => functionNamed(String(each["function_name"]), stack)),
    ),
    retryPolicies: new Map(
      stack.eventRules.map(({ ruleName }) => [ruleName, retryPolicyOf(ruleName, synthesised)]),
    ),
  };
}

function throttlingOf(settings: Attributes | undefined): Throttling {
  return {
    ratePerSecond: Number(settings?.["throttling_rate_limit"] ?? ACCOUNT_THROTTLING.ratePerSecond),
    burst: Number(settings?.["throttling_burst_limit"] ?? ACCOUNT_THROTTLING.burst),
  };
}

/** Of the target that names the rule, by a reference or by its name. */
function retryPolicyOf(ruleName: string, synthesised: SynthesisedStack): RetryPolicy {
  const rule = synthesised.resources.find(
    ({ type, attributes }) => type === "aws_cloudwatch_event_rule" && attributes["name"] === ruleName,
  );
  const target = attributesOf(synthesised, "aws_cloudwatch_event_target").find(({ rule: of }) =>
    [ruleName, `\${${rule?.address}.name}`].includes(String(of)),
  );
  const policy = block(target?.["retry_policy"]);
  const { maximumEventAgeSeconds, maximumRetryAttempts } = DEFAULT_RETRY_POLICY;
  return {
    maximumEventAgeSeconds: Number(policy?.["maximum_event_age_in_seconds"] ?? maximumEventAgeSeconds),
    maximumRetryAttempts: Number(policy?.["maximum_retry_attempts"] ?? maximumRetryAttempts),
  };
}

function attributesOf({ resources }: SynthesisedStack, type: string): Attributes[] {
  return resources.filter((each) => each.type === type).map(({ attributes }) => attributes);
}

/** A block, which cdktf writes as a list of one or as itself. */
function block(value: unknown): Attributes | undefined {
  const [one] = [value].flat();
  return typeof one === "object" && one !== null ? (one as Attributes) : undefined;
}

function expirationsOf(lifecycle: Attributes): Expiration[] {
  return [lifecycle["rule"]].flat().flatMap((rule) => {
    const days = Number(block(block(rule)?.["expiration"])?.["days"] ?? Number.NaN);
    if (Number.isNaN(days) || block(rule)?.["status"] !== "Enabled") return [];
    return [{ prefix: String(block(block(rule)?.["filter"])?.["prefix"] ?? ""), days }];
  });
}

/** `${aws_lambda_function.processor.function_name}` → the name, where the stack has such a function. */
function functionNamed(text: string, { functions }: LocalStack): string[] {
  const [, id] = /aws_lambda_function\.(\w+)\./.exec(text) ?? [];
  return functions
    .filter(({ name, address }) => name === text || address.endsWith(`.${id}`))
    .map(({ name }) => name);
}
