import { type FunctionName, functionNames } from "../../contract/environment.ts";
import { fullInput, json, leastInput, ref, synthesise } from "../support/synthesise.ts";

const least = synthesise(leastInput);
const full = synthesise(fullInput);
const BREAKER = { failingEvents: 5, probeBaseSeconds: 60, probeCapSeconds: 900, settleSeconds: 120 };
/** The names under which the functions of an earlier version find their values too. */
const EVERY_FUNCTION = ["ENVIRONMENT", "LOG_LEVEL", "QUEUE_URL", "DEAD_LETTER_QUEUE_URL"];
const OWN_VARIABLES: Readonly<Record<FunctionName, readonly string[]>> = {
  receiver: [
    ...["OVERFLOW_BUCKET", "MAX_MESSAGE_BYTES", "SOURCES", "CORS_ORIGINS", "ON_OVERSIZE"],
    "SECRET_REFRESH_SECONDS",
  ],
  processor: [
    ...["MAX_RECEIVE_COUNT", "DESTINATION", "BACK_OFF", "BATCH_CONCURRENCY", "STATE_TABLE"],
    ...["IDEMPOTENCY_SECONDS", "BREAKER", "RECOVERY_FUNCTION", "MAX_MESSAGE_BYTES", "OVERFLOW_BUCKET"],
    "PAUSE_MILLISECONDS",
  ],
  recovery: [
    "DEAD_LETTER_RETENTION_SECONDS",
    "QUEUE_RETENTION_SECONDS",
    "RECOVERY_FUNCTION",
    ...[
      "OVERFLOW_BUCKET",
      "STATE_TABLE",
      "EVENT_SOURCE_MAPPING",
      "PROCESSOR_FUNCTION",
      "BATCH_CONCURRENCY",
      "BREAKER",
      "REDRIVE",
    ],
    ...["TIMEOUT_SECONDS", "MAX_MESSAGE_BYTES", "OLDEST_EVENT_SECONDS", "ALARM_TOPIC"],
  ],
};

test.each<[FunctionName, number, number]>([
  ["receiver", 10, 512],
  ["processor", 30, 512],
  ["recovery", 60, 1024],
])(
  "the %s function runs Node 22 on arm64 for %i s at most with %i MB, and sees its own variables only",
  (name, timeout, memory) => {
    expect(Object.keys(least.resources("aws_lambda_function"))).toEqual([
      "processor",
      "receiver",
      "recovery",
    ]);
    const lambda = least.resource("aws_lambda_function", name);
    expect(lambda).toMatchObject({
      function_name: `genesys-events-test-${name}`,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memory_size: memory,
      timeout,
      role: ref(`aws_iam_role.${name}_role.arn`),
      source_code_hash: "AAAA",
      filename: `assets/${name}_code/0000/dummy.zip`,
      depends_on: [`aws_iam_role_policy.${name}_policy`, `aws_cloudwatch_log_group.${name}_logs`],
    });
    expect(Object.keys(variables(name)).sort()).toEqual([...EVERY_FUNCTION, ...OWN_VARIABLES[name]].sort());
  },
);

test("Node 22 is a setting", () => {
  const stack = synthesise({ ...leastInput, runtime: "nodejs22.x" });
  for (const lambda of Object.values(stack.resources("aws_lambda_function"))) {
    expect(lambda["runtime"]).toBe("nodejs22.x");
  }
});

test("each writes to a log group of its own, which is there first and forgets", () => {
  const stack = synthesise({ ...leastInput, logRetentionDays: 14 });
  for (const name of ["receiver", "processor", "recovery"]) {
    expect(stack.resource("aws_cloudwatch_log_group", `${name}_logs`)).toEqual({
      name: `/aws/lambda/genesys-events-test-${name}`,
      retention_in_days: 14,
    });
    expect(stack.resource("aws_lambda_function", name)["depends_on"]).toContain(
      `aws_cloudwatch_log_group.${name}_logs`,
    );
  }
});

test("the receiver is told its sources by parameter name, and leaves a dead letter's reason room", () => {
  const given = variables("receiver", full);
  expect(given["MAX_MESSAGE_BYTES"]).toBe(String(262_144 - 4_096));
  expect(json(given["ON_OVERSIZE"])).toEqual({ kind: "drop-fields", paths: ["transcripts"] });
  expect(json(given["SOURCES"])).toEqual([
    {
      source: "webhook",
      dedupePath: "detail.id",
      retrySpanSeconds: 120,
      authentication: {
        "": {
          kind: "signature",
          encoding: "base64",
          secretParameter: ref("aws_ssm_parameter.receiver_secrets_webhook.name"),
        },
      },
    },
    {
      source: "open-messaging",
      retrySpanSeconds: 120,
      replayAgeSeconds: 3600,
      authentication: {
        "6f0c2a1e-1111-4222-8333-444455556666": {
          kind: "signature",
          encoding: "base64",
          secretParameter: ref(
            "aws_ssm_parameter.receiver_secrets_open-messaging_6f0c2a1e-1111-4222-8333-444455556666.name",
          ),
        },
        "second.one": {
          kind: "signature",
          encoding: "hex",
          secretParameter: ref("aws_ssm_parameter.receiver_secrets_open-messaging_second_2e_one.name"),
        },
        open: { kind: "none" },
      },
    },
    {
      source: "data-action",
      authentication: {
        "": {
          kind: "shared-secret",
          secretParameter: ref("aws_ssm_parameter.receiver_secrets_data-action.name"),
        },
      },
    },
  ]);
});

test("the processor gets its destination and its back-off", () => {
  const given = variables("processor", full);
  expect(json(given["DESTINATION"])).toEqual({
    kind: "http",
    url: "https://destination.example.com/events",
    timeoutMilliseconds: 10_000,
    maxResponseBytes: 65_536,
    allowPrivateAddresses: false,
    credentials: {
      kind: "api-key",
      header: "x-api-key",
      secretParameter: ref("aws_ssm_parameter.processor_destination_secret.name"),
    },
    signing: {
      kind: "standard-webhooks",
      secretParameter: ref("aws_ssm_parameter.processor_destination_signing.name"),
    },
  });
  expect(json(given["BACK_OFF"])).toEqual({
    baseSeconds: 30,
    factor: 4,
    capSeconds: 900,
    retryAfterCapSeconds: 3600,
  });
  expect(json(given["BREAKER"])).toEqual(BREAKER);
  expect(given).toMatchObject({
    MAX_RECEIVE_COUNT: "5",
    BATCH_CONCURRENCY: "5",
    STATE_TABLE: ref("aws_dynamodb_table.state.name"),
    IDEMPOTENCY_SECONDS: "86400",
    PAUSE_MILLISECONDS: "0",
    RECOVERY_FUNCTION: "genesys-events-test-recovery",
  });
  // 20 a second are 5 for each of 4.
  const paced = synthesise({ ...fullInput, processor: { deliveriesPerSecond: 20, maximumConcurrency: 4 } });
  expect(variables("processor", paced)["PAUSE_MILLISECONDS"]).toBe("200");
  const handlers = synthesise({ ...leastInput, destination: { kind: "handlers" } });
  expect(json(variables("processor", handlers)["DESTINATION"])).toEqual({ kind: "handlers" });
});

test("recovery is told the same breaker, what it turns, what it probes with, and its bounds", () => {
  const stack = synthesise({
    ...fullInput,
    recovery: { timeoutSeconds: 90, maxRedrives: 2, redrivesPerSecond: 7 },
  });
  const given = variables("recovery", stack);
  expect(given["BATCH_CONCURRENCY"]).toBe(variables("processor", stack)["BATCH_CONCURRENCY"]);
  expect(json(given["BREAKER"])).toEqual(BREAKER);
  expect(json(given["REDRIVE"])).toEqual({ maxRedrives: 2, redrivesPerSecond: 7 });
  expect(given).toMatchObject({
    QUEUE_URL: ref("aws_sqs_queue.queues_main.url"),
    DEAD_LETTER_QUEUE_URL: ref("aws_sqs_queue.queues_dead_letter.url"),
    OVERFLOW_BUCKET: ref("aws_s3_bucket.overflow.bucket"),
    STATE_TABLE: ref("aws_dynamodb_table.state.name"),
    EVENT_SOURCE_MAPPING: ref("aws_lambda_event_source_mapping.processor_mapping.uuid"),
    PROCESSOR_FUNCTION: ref("aws_lambda_function.processor.function_name"),
    TIMEOUT_SECONDS: "90",
  });
  expect(stack.resource("aws_lambda_function", "recovery")["timeout"]).toBe(90);
});

test("Lambda takes every line of a function as it is, and tells itself only of what goes wrong", () => {
  for (const name of functionNames)
    expect(least.resource("aws_lambda_function", name)["logging_config"]).toEqual({
      log_format: "JSON",
      application_log_level: "TRACE",
      system_log_level: "WARN",
    });
});

test("CloudWatch counts accepted events, how long they took, and what a batch says of its own", () => {
  const found = Object.values(least.resources("aws_cloudwatch_log_metric_filter"));
  const of = (service: string) =>
    found.filter(
      ({ log_group_name: group }) => group === ref(`aws_cloudwatch_log_group.${service}_logs.name`),
    );
  const dimensions = { environment: "$.environment", service: "$.service" };
  const counted = (pattern: string, name: string, unit: string, value: string) =>
    expect.objectContaining({
      name: expect.stringMatching(name),
      pattern,
      metric_transformation: { name, namespace: "GenesysEvents", unit, value, dimensions },
    });
  // A dimension or a value that the pattern does not name is none to CloudWatch.
  const named = '&& $.environment = "*" && $.service = "*"';
  const accepted = `$.message = "Event accepted" ${named}`;
  const batch = `$.message = "Batch processed" ${named}`;
  const [events, age] = ["$.EventsDelivered", "$.OldestDeliveredAge"];
  expect(of("receiver")).toEqual([
    counted(`{ ${accepted} }`, "EventsAccepted", "Count", "1"),
    counted(`{ ${accepted} && $.duration_ms = * }`, "TimeToDurable", "Milliseconds", "$.duration_ms"),
  ]);
  expect(of("processor")).toEqual([
    counted(`{ ${batch} && ${events} = * }`, "EventsDelivered", "Count", events),
    counted(`{ ${batch} && ${age} = * }`, "OldestDeliveredAge", "Milliseconds", age),
  ]);
});

test("CloudWatch counts answers by their status at its place in the access log, under what stands at others", () => {
  const ofApi = Object.values(least.resources("aws_cloudwatch_log_metric_filter")).filter(
    ({ log_group_name: group }) => group === ref("aws_cloudwatch_log_group.api_access_logs.name"),
  );
  const pattern = (status: number) =>
    `[environment, service, request_id, source_ip, route, status = ${status}, ...]`;
  const transformation = (name: string) => ({
    ...{ name, namespace: "GenesysEvents", value: "1" },
    dimensions: { environment: "$environment", service: "$service" },
  });
  expect(ofApi.map(({ pattern, metric_transformation }) => [pattern, metric_transformation])).toEqual([
    [pattern(429), transformation("RequestsThrottled")],
    [pattern(401), transformation("RequestsUnauthorized")],
  ]);
});

test("the function that the processor calls is the one that is made", () => {
  expect(variables("processor")["RECOVERY_FUNCTION"]).toBe(
    least.resource("aws_lambda_function", "recovery")["function_name"],
  );
});

test("the processor takes batches from the main queue, answers in part, stops at its cap, and is the breaker's to turn on and off", () => {
  const stack = synthesise({
    ...leastInput,
    destination: { kind: "http", url: "https://destination.example.com/", timeoutSeconds: 1 },
    queue: { visibilityTimeoutSeconds: 200 },
    processor: { batchSize: 40, batchWindowSeconds: 2, maximumConcurrency: 3 },
  });
  expect(stack.resources("aws_lambda_event_source_mapping")).toEqual({
    processor_mapping: {
      event_source_arn: ref("aws_sqs_queue.queues_main.arn"),
      function_name: ref("aws_lambda_function.processor.arn"),
      function_response_types: ["ReportBatchItemFailures"],
      batch_size: 40,
      maximum_batching_window_in_seconds: 2,
      scaling_config: { maximum_concurrency: 3 },
      lifecycle: { ignore_changes: ["enabled"] },
    },
  });
});

function variables(name: FunctionName, stack = least): Record<string, string> {
  const environment = stack.resource("aws_lambda_function", name)["environment"];
  return (environment as { variables: Record<string, string> }).variables;
}
