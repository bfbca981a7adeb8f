import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluatePolicy } from "../../../local/iam/evaluate-policy.ts";
import { callersOf } from "../../../local/permissions/permissions.ts";
import { adaptStack } from "../../../local/stack/adapt-stack.ts";
import type { LocalStack } from "../../../local/stack/model.ts";
import { readStack } from "../../../local/stack/read.ts";
import { guardedInput, ref, synthesise } from "../../support/synthesise.ts";

type Tree = Record<string, unknown>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "adapt-stack-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(json: unknown): Promise<LocalStack> {
  const file = join(folder, "cdk.tf.json");
  await writeFile(file, JSON.stringify(json));
  return adaptStack(await readStack(file), {
    region: "eu-west-1",
    account: "000000000000",
    cloudUrl: "http://127.0.0.1:4566",
    apiUrl: "http://127.0.0.1:8080",
    folder,
  });
}

const guarded = synthesise(guardedInput).json;

/** Everything switched on, with one thing changed. */
function changed(change: (resources: Record<string, Record<string, Tree>>) => void): unknown {
  const json = structuredClone(guarded) as Tree;
  change(json["resource"] as Record<string, Record<string, Tree>>);
  return json;
}

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

describe("a synthesised stack", () => {
  test("takes a person's orders by a way that none of its functions may go", async () => {
    const stack = await read(guarded);
    const [recovery] = stack.functions.filter(({ name }) => name.endsWith("-recovery"));
    expect(stack.functions.flatMap(({ aliases }) => aliases)).toEqual(["operator"]);
    const may = (resource: string) =>
      callersOf(stack).flatMap(({ name, roleArn, statements }) => {
        const call = { action: "lambda:InvokeFunction", resource };
        return evaluatePolicy(call, { kind: "AWS", name: roleArn }, statements).allowed ? [name] : [];
      });
    expect(may(`${recovery?.arn}:operator`)).toEqual([]);
    expect(may(recovery?.arn ?? "").sort()).toEqual([
      expect.stringMatching(/-processor$/),
      expect.stringMatching(/-recovery$/),
    ]);
  });

  test("says which of its functions' lines CloudWatch counts, and how", async () => {
    const { functions } = await read(guarded);
    const linesOf = (name: string) => functions.find((each) => each.name.endsWith(name))?.countedLines;
    const dimensions = { environment: "environment", service: "service" };
    const of = (metric: string) => ({ namespace: "GenesysEvents", metric, dimensions });
    expect(linesOf("-recovery")).toEqual([]);
    const [message, field] = ["Batch processed", "OldestDeliveredAge"];
    expect(linesOf("-processor")).toEqual([
      { message, metric: of("EventsDelivered"), unit: "Count", field: "EventsDelivered" },
      { message, metric: of(field), unit: "Milliseconds", field },
    ]);
    expect(linesOf("-receiver")).toEqual([
      { message: "Event accepted", metric: of("EventsAccepted"), unit: "Count" },
      {
        ...{ message: "Event accepted", metric: of("TimeToDurable"), unit: "Milliseconds" },
        field: "duration_ms",
      },
    ]);
  });

  test("becomes queues with their attributes and policies", async () => {
    const { queues } = await read(guarded);
    const [main, deadLetter] = [...queues].sort((a, b) => b.name.length - a.name.length).reverse();
    expect(main).toMatchObject({
      name: "genesys-events-test-queue",
      url: "http://127.0.0.1:4566/000000000000/genesys-events-test-queue",
      arn: "arn:aws:sqs:eu-west-1:000000000000:genesys-events-test-queue",
      attributes: { VisibilityTimeout: "180", MessageRetentionPeriod: "345600", DelaySeconds: "0" },
    });
    expect(JSON.parse(main?.attributes["RedrivePolicy"] ?? "")).toEqual({
      deadLetterTargetArn: deadLetter?.arn,
      maxReceiveCount: 5,
    });
    expect(JSON.parse(deadLetter?.attributes["RedriveAllowPolicy"] ?? "")).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [main?.arn],
    });
  });

  test("becomes functions whose variables name what is here", async () => {
    const { functions, buckets } = await read(guarded);
    const receiver = functions.find(({ name }) => name.endsWith("receiver"));
    expect(receiver).toMatchObject({
      handler: "index.handler",
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      variables: {
        QUEUE_URL: "http://127.0.0.1:4566/000000000000/genesys-events-test-queue",
        OVERFLOW_BUCKET: only(buckets).name,
      },
    });
    expect(receiver?.variables["SOURCES"]).toContain("/genesys-events/test/webhook");
    expect(receiver?.zip.startsWith(join(folder, "assets"))).toBe(true);
  });

  test("becomes outputs, filled in; one that only AWS can give is left out", async () => {
    const json = changed(() => {}) as { output: Tree };
    json.output["domain_target"] = { value: ref("aws_apigatewayv2_domain_name.api.arn") };
    const { outputs } = await read(json);
    expect(outputs).toMatchObject({
      environment: "test",
      webhook_url: "https://events.example.com/webhook",
      queue_url: "http://127.0.0.1:4566/000000000000/genesys-events-test-queue",
      secret_parameters: { "open-messaging/second.one": expect.stringMatching(/second\.one$/) },
    });
    expect(outputs).not.toHaveProperty("domain_target");
  });

  test("becomes routes, preflight, mapping and parameters", async () => {
    const stack = await read(guarded);
    expect(stack.routes.map(({ routeKey }) => routeKey).sort()).toEqual([
      "POST /data-action",
      "POST /open-messaging/{integrationId}",
      "POST /webhook",
    ]);
    expect(stack.cors).toMatchObject({ allowOrigins: ["*"], allowMethods: ["POST", "OPTIONS"] });
    expect(only(stack.mappings)).toMatchObject({
      batchSize: 10,
      batchWindowSeconds: 0,
      maximumConcurrency: 10,
      enabled: true,
      keepsEnabled: true,
      reportsBatchItemFailures: true,
    });
    expect(stack.parameters).toContainEqual({
      name: "/genesys-events/test/webhook",
      type: "SecureString",
      value: '{"current":"REPLACE-ME"}',
    });
  });

  test("becomes a table, a schedule, and what becomes of invocations that nobody waits for", async () => {
    const stack = await read(guarded);
    const functionOf = (name: string) => stack.functions.find((each) => each.name.endsWith(name));
    expect(only(stack.tables)).toEqual({
      address: "aws_dynamodb_table.state",
      name: "genesys-events-test-state",
      hashKey: "id",
      rangeKey: undefined,
      attributes: { id: "S" },
      expiresBy: "expiration",
    });
    expect(functionOf("recovery")?.variables["STATE_TABLE"]).toBe(only(stack.tables).name);
    expect(only(stack.schedules)).toEqual({
      ruleName: "genesys-events-test-recovery-schedule",
      ruleArn: "arn:aws:events:eu-west-1:000000000000:rule/genesys-events-test-recovery-schedule",
      everySeconds: 60,
      functionArn: functionOf("recovery")?.arn,
    });
    expect(functionOf("recovery")?.variables["EVENT_SOURCE_MAPPING"]).toBe(only(stack.mappings).uuid);
    expect(functionOf("recovery")?.asynchronous).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
    });
    expect(functionOf("receiver")?.asynchronous).toEqual({
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
    });
  });

  test.each([
    ["rate(1 minute)", 60],
    ["rate(5 minutes)", 300],
    ["rate(2 hours)", 7_200],
    ["rate(1 day)", 86_400],
  ])("%s is every %i s", async (schedule_expression, seconds) => {
    const json = changed((all) =>
      Object.assign(all["aws_cloudwatch_event_rule"]?.["recovery_schedule"] ?? {}, { schedule_expression }),
    );
    expect(only((await read(json)).schedules).everySeconds).toBe(seconds);
  });

  test("becomes a rule that puts a partner's events on the queue", async () => {
    const stack = await read(guarded);
    const { matches, ...rule } = only(stack.eventRules);
    expect(rule).toEqual({
      ruleName: "genesys-events-test-genesys-events",
      busName: "aws.partner/genesys.com/cloud/2e4f-11/events",
      ruleArn:
        "arn:aws:events:eu-west-1:000000000000:rule/aws.partner/genesys.com/cloud/2e4f-11/events/genesys-events-test-genesys-events",
      queueArn: "arn:aws:sqs:eu-west-1:000000000000:genesys-events-test-queue",
      deadLetterArn: "arn:aws:sqs:eu-west-1:000000000000:genesys-events-test-dead-letter-queue",
    });
    const event = { source: rule.busName, "detail-type": "v2.detail.events.conversation.{id}.acw" };
    expect(matches(event)).toBe(true);
    expect(matches({ ...event, "detail-type": "v2.users.{id}.presence" })).toBe(false);
  });

  test("becomes roles with their policies, whoever else may call a function, and what each may write to", async () => {
    const stack = await read(synthesise(guardedInput).json);
    const processor = stack.functions.find(({ name }) => name.endsWith("processor"));
    const role = stack.roles.find(({ arn }) => arn === processor?.roleArn);
    expect(role?.policies.map(({ address }) => address).sort()).toEqual([
      "aws_iam_role_policy.processor_key_0a0b-0c0d",
      "aws_iam_role_policy.processor_policy",
      "aws_iam_role_policy.recovery_call_policy",
    ]);
    expect(processor?.logGroup).toBe("/aws/lambda/genesys-events-test-processor");
    expect(stack.resourcePolicies.map(({ address }) => address)).toEqual(
      expect.arrayContaining([
        "aws_lambda_permission.recovery_permission",
        "aws_sqs_queue_policy.queues_main_policy",
      ]),
    );
  });

  test("does not become a function whose role Lambda may not take", async () => {
    const json = changed((all) => {
      const role = all["aws_iam_role"]?.["receiver_role"] ?? {};
      role["assume_role_policy"] = String(role["assume_role_policy"]).replace("lambda.", "ec2.");
    });
    await expect(read(json)).rejects.toThrow(
      "has a role that the stack does not have, or that Lambda may not take",
    );
  });

  test("keeps a mapping's switch only where it says so", async () => {
    const json = changed((all) => {
      delete all["aws_lambda_event_source_mapping"]?.["processor_mapping"]?.["lifecycle"];
    });
    expect(only((await read(json)).mappings).keepsEnabled).toBe(false);
  });
});

describe("what the local run does not understand stops it", () => {
  const queue = "aws_sqs_queue.queues_main (test/queues/main/Default): ";

  test.each<[string, string, (resources: Record<string, Record<string, Tree>>) => void]>([
    [
      "a type",
      "aws_kinesis_stream.events (test/events): the local run does not know what a aws_kinesis_stream does",
      (all) => {
        all["aws_kinesis_stream"] = { events: { "//": { metadata: { path: "test/events" } } } };
      },
    ],
    [
      "an attribute",
      `${queue}the local run does not know what "fifo_queue" does`,
      (all) => Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, { fifo_queue: true }),
    ],
    [
      "a count",
      `${queue}the local run does not know what "count" does`,
      (all) => Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, { count: 2 }),
    ],
    [
      "an expression",
      `${queue}does not understand the expression $\{upper("x")}`,
      (all) => Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, { name: ref('upper("x")') }),
    ],
    [
      "a pattern in a log",
      'aws_cloudwatch_log_metric_filter.receiver_count_EventsAccepted (test/receiver/count_EventsAccepted): looks for { $.level = "*" }',
      (all) => {
        const filters = all["aws_cloudwatch_log_metric_filter"];
        Object.assign(filters?.["receiver_count_EventsAccepted"] ?? {}, { pattern: '{ $.level = "*" }' });
      },
    ],
    [
      "a count of a field that the pattern does not name",
      "aws_cloudwatch_log_metric_filter.receiver_count_TimeToDurable (test/receiver/count_TimeToDurable): counts $.duration_ms",
      (all) => {
        const filters = all["aws_cloudwatch_log_metric_filter"];
        const pattern = '{ $.message = "Event accepted" && $.environment = "*" && $.service = "*" }';
        Object.assign(filters?.["receiver_count_TimeToDurable"] ?? {}, { pattern });
      },
    ],
    [
      "a dimension that the pattern does not name",
      "aws_cloudwatch_log_metric_filter.receiver_count_EventsAccepted (test/receiver/count_EventsAccepted): has no line with $.service",
      (all) => {
        const filters = all["aws_cloudwatch_log_metric_filter"];
        const pattern = '{ $.message = "Event accepted" && $.environment = "*" }';
        Object.assign(filters?.["receiver_count_EventsAccepted"] ?? {}, { pattern });
      },
    ],
    [
      "a pattern in the access log",
      "aws_cloudwatch_log_metric_filter.api_count_throttled (test/api/count_throttled): looks for [status = 429]",
      (all) => {
        const filters = all["aws_cloudwatch_log_metric_filter"];
        Object.assign(filters?.["api_count_throttled"] ?? {}, { pattern: "[status = 429]" });
      },
    ],
    [
      "a reference to nothing",
      `${queue}names aws_x.y, which the stack does not have`,
      (all) => Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, { name: ref("aws_x.y.z") }),
    ],
    [
      "a reference to an attribute that is nobody's",
      `${queue}names aws_s3_bucket.overflow.hosted_zone_id, which the local run does not know`,
      (all) =>
        Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, {
          name: ref("aws_s3_bucket.overflow.hosted_zone_id"),
        }),
    ],
    [
      "a value of another type",
      `${queue}visibility_timeout_seconds is not a number`,
      (all) =>
        Object.assign(all["aws_sqs_queue"]?.["queues_main"] ?? {}, { visibility_timeout_seconds: "60" }),
    ],
    [
      "a schedule",
      "aws_cloudwatch_event_rule.recovery_schedule (test/recovery/schedule): has the schedule cron(0 * * * ? *); only a rate(…) runs here",
      (all) =>
        Object.assign(all["aws_cloudwatch_event_rule"]?.["recovery_schedule"] ?? {}, {
          schedule_expression: "cron(0 * * * ? *)",
        }),
    ],
    [
      "a rule for the account's own events",
      "aws_cloudwatch_event_rule.eventbridge_rule (test/eventbridge/rule): takes events from the account's own bus, and only a partner's events are served here",
      (all) => {
        delete all["aws_cloudwatch_event_rule"]?.["eventbridge_rule"]?.["event_bus_name"];
      },
    ],
    [
      "a pattern",
      'aws_cloudwatch_event_rule.eventbridge_rule (test/eventbridge/rule): has an event pattern whose source wants {"suffix":"x"}',
      (all) =>
        Object.assign(all["aws_cloudwatch_event_rule"]?.["eventbridge_rule"] ?? {}, {
          event_pattern: '{"source":[{"suffix":"x"}]}',
        }),
    ],
    [
      "a bus of the account's own",
      "aws_cloudwatch_event_bus.eventbridge_bus (test/eventbridge/bus): is no partner event source's bus, and only those run here",
      (all) => {
        delete all["aws_cloudwatch_event_bus"]?.["eventbridge_bus"]?.["event_source_name"];
      },
    ],
    [
      "a rule that sends elsewhere",
      "aws_cloudwatch_event_target.eventbridge_target (test/eventbridge/target): sends to a queue that the stack does not have: arn:x",
      (all) =>
        Object.assign(all["aws_cloudwatch_event_target"]?.["eventbridge_target"] ?? {}, { arn: "arn:x" }),
    ],
    [
      "a target of no rule",
      "aws_cloudwatch_event_target.recovery_target (test/recovery/target): names a rule that the stack does not have: other",
      (all) =>
        Object.assign(all["aws_cloudwatch_event_target"]?.["recovery_target"] ?? {}, { rule: "other" }),
    ],
    [
      "a second index of a table",
      'aws_dynamodb_table.state (test/state/Default): the local run does not know what "global_secondary_index" does',
      (all) =>
        Object.assign(all["aws_dynamodb_table"]?.["state"] ?? {}, {
          global_secondary_index: [{ name: "x" }],
        }),
    ],
    [
      "a runtime",
      "aws_lambda_function.processor (test/processor/Default/Default): runs on python3.13, and only Node.js runs here",
      (all) => Object.assign(all["aws_lambda_function"]?.["processor"] ?? {}, { runtime: "python3.13" }),
    ],
    [
      "an alias of an older version",
      "aws_lambda_alias.recovery_orders (test/recovery/orders): is of version 3, and only $LATEST runs here",
      (all) => Object.assign(all["aws_lambda_alias"]?.["recovery_orders"] ?? {}, { function_version: "3" }),
    ],
    [
      "a payload format",
      "aws_apigatewayv2_integration.api_integration (test/api/integration): has payload format 1.0, and only 2.0 is spoken here",
      (all) =>
        Object.assign(all["aws_apigatewayv2_integration"]?.["api_integration"] ?? {}, {
          payload_format_version: "1.0",
        }),
    ],
    [
      "a stage with a path",
      "aws_apigatewayv2_stage.api_stage (test/api/stage): is named v1; only $default, without a path, runs here",
      (all) => Object.assign(all["aws_apigatewayv2_stage"]?.["api_stage"] ?? {}, { name: "v1" }),
    ],
  ])("%s", async (_, message, change) => {
    await expect(read(changed(change))).rejects.toThrow(message);
  });

  test("a section", async () => {
    const json = { ...guarded, data: { aws_caller_identity: { me: {} } } };
    await expect(read(json)).rejects.toThrow(
      'data.aws_caller_identity.me: the local run does not know what "data" means',
    );
  });
});
