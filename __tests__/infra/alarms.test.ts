import { readFileSync } from "node:fs";
import { describeTree } from "../../cli/completion/tree.ts";
import { createProgram } from "../../cli/program.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { API_SERVICE, accessLogMetrics, METRIC_NAMESPACE, metrics } from "../../contract/metrics.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { fullInput, guardedInput, json, leastInput, ref, synthesise } from "../support/synthesise.ts";

const least = synthesise(leastInput);
const TOPIC = ref("aws_sns_topic.alarms_topic.arn");
const alarms = least.resources("aws_cloudwatch_metric_alarm");

interface Statement {
  readonly Sid: string;
}

/** One metric of an alarm or a dashboard. */
interface Looked {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Record<string, string>;
}

function looked(): Looked[] {
  const ofAlarms = Object.values(alarms).flatMap((alarm) => {
    const queries = (alarm["metric_query"] ?? [{ metric: alarm }]) as { metric?: Record<string, unknown> }[];
    return queries.flatMap(({ metric }) =>
      metric === undefined
        ? []
        : {
            namespace: String(metric["namespace"]),
            metric: String(metric["metric_name"]),
            dimensions: metric["dimensions"] as Record<string, string>,
          },
    );
  });
  return [...ofAlarms, ...graphs().flatMap(({ properties }) => properties.metrics.map(toLooked))];
}

type GraphMetric = [string, string, ...(string | object)[]];

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly metrics: readonly GraphMetric[];
    readonly alarms?: unknown;
  };
}

function widgets(): Widget[] {
  const body = json(least.resource("aws_cloudwatch_dashboard", "dashboard")["dashboard_body"]);
  return (body as { widgets: Widget[] }).widgets;
}

function graphs(): Widget[] {
  return widgets().filter(({ type }) => type === "metric");
}

function toLooked([namespace, metric, ...rest]: GraphMetric): Looked {
  const named = rest.filter((part) => typeof part === "string");
  const dimensions = Object.fromEntries(
    Array.from({ length: named.length / 2 }, (_, i) => [named[2 * i], named[2 * i + 1]]),
  );
  return { namespace, metric, dimensions };
}

test("each alarm with its threshold, so many periods of so many, and what a period without a value is", () => {
  const thresholds = Object.entries(alarms).map(([id, alarm]) => [
    id.replace("alarms_", ""),
    alarm["threshold"],
    `${alarm["datapoints_to_alarm"]} of ${alarm["evaluation_periods"]}`,
    alarm["treat_missing_data"],
  ]);
  expect(thresholds.sort()).toEqual([
    ["api_5xx", 1, "1 of 5", "notBreaching"],
    ["breaker_open", 1, "3 of 5", "notBreaching"],
    ["dead_letters", 1, "3 of 3", "notBreaching"],
    ["dead_letters_growing", 10, "1 of 3", "notBreaching"],
    ["delivery_failing", 1, "2 of 5", "notBreaching"],
    ["in_flight", 90_000, "1 of 5", "notBreaching"],
    ["near_expiry", 0.55, "1 of 1", "notBreaching"],
    ["oldest_event", 900, "1 of 5", "notBreaching"],
    ["recovery_silent", 1, "5 of 5", "breaching"],
    ["secret_missing", 1, "1 of 5", "notBreaching"],
    ["slow_acknowledgement", 1_000, "3 of 5", "notBreaching"],
    ["spill", 1, "1 of 5", "notBreaching"],
    ["state_table", 1, "2 of 5", "notBreaching"],
    ["throttled_senders", 1, "1 of 3", "notBreaching"],
    ["unauthorized", 20, "1 of 12", "notBreaching"],
  ]);
});

test("recovery's silence is waited for as long as a run may take, and four minutes", () => {
  const slow = synthesise({ ...leastInput, recovery: { timeoutSeconds: 900 } });
  expect(slow.resource("aws_cloudwatch_metric_alarm", "alarms_recovery_silent")).toMatchObject({
    datapoints_to_alarm: 19,
    evaluation_periods: 19,
  });
});

test("one more where EventBridge is a source: nothing else sees what its rule loses", () => {
  const guarded = Object.keys(synthesise(guardedInput).resources("aws_cloudwatch_metric_alarm"));
  expect(guarded.filter((id) => !(id in alarms))).toEqual(["alarms_eventbridge_failing"]);
});

test("what CloudWatch bills is said: an alarm costs as much as it has metrics", () => {
  const metricsOf = (input: EnvironmentInput) =>
    Object.values(synthesise(input).resources("aws_cloudwatch_metric_alarm"))
      .map(({ metric_query: queries }) => (queries === undefined ? 1 : (queries as unknown[]).length - 1))
      .reduce((sum, count) => sum + count);
  const said = /The alarms look at (\d+) metrics, and at (\d+) with EventBridge/.exec(
    readFileSync("docs/operate.md", "utf8"),
  );
  expect(said?.slice(1).map(Number)).toEqual([metricsOf(leastInput), metricsOf(guardedInput)]);
});

test("each says when it goes off and when all is well, once CloudWatch may publish", () => {
  for (const [id, alarm] of Object.entries(alarms)) {
    expect(alarm).toMatchObject({
      comparison_operator: "GreaterThanOrEqualToThreshold",
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
      depends_on: [
        "aws_kms_key_policy.alarms_topic_key_policy",
        "aws_sns_topic_policy.alarms_topic_policy",
        // Before its schedule is there, silence means nothing.
        ...(id === "alarms_recovery_silent" ? ["aws_cloudwatch_event_target.recovery_target"] : []),
      ],
    });
  }
});

/** What an alarm may send a person to: the command's own commands, and the functions' logs. */
const commands = [
  ...describeTree(await createProgram()).map(
    ({ path }) => `${path.replace(/^genesys-dlq/, GENESYS_DLQ)} --environment test`,
  ),
  ...["receiver", "processor", "recovery"].map(
    (name) =>
      `aws logs tail /aws/lambda/${least.resource("aws_lambda_function", name)["function_name"]} --since 15m`,
  ),
  `aws logs tail ${least.resource("aws_cloudwatch_log_group", "api_access_logs")["name"]} --since 15m`,
];

test("each says what happened, what it means, what follows by when and what to run first, within CloudWatch's 1,024 characters", () => {
  const all = synthesise(guardedInput).resources("aws_cloudwatch_metric_alarm");
  for (const { alarm_description: description, alarm_name: name } of Object.values(all)) {
    expect(name).toMatch(/^genesys-events-test-[a-z0-9-]+$/);
    const said =
      /^[A-Z][^.]+\. .+ If nobody acts: [A-Z].+\. Run first: (.+?)\. It is set there because .+\.$/.exec(
        String(description),
      );
    expect(commands).toContain(said?.[1]);
    expect(String(description).length).toBeLessThanOrEqual(1_024);
  }
});

test("a dead letter counts, seen or being read; the threshold can be set", () => {
  const depth = (id: string, metric_name: string) => ({
    id,
    metric: {
      namespace: "AWS/SQS",
      metric_name,
      dimensions: { QueueName: ref("aws_sqs_queue.queues_dead_letter.name") },
      stat: "Maximum",
      period: 60,
    },
  });
  const own = (id: string, metric_name: string) => ({
    id,
    metric: {
      namespace: METRIC_NAMESPACE,
      metric_name,
      dimensions: { environment: "test", service: "recovery" },
      stat: "Maximum",
      period: 60,
    },
  });
  expect(alarms["alarms_dead_letters"]?.["metric_query"]).toEqual([
    {
      id: "signal",
      expression: "visible + in_flight + FILL(parked, 0) + FILL(put_aside, 0)",
      return_data: true,
    },
    depth("visible", "ApproximateNumberOfMessagesVisible"),
    depth("in_flight", "ApproximateNumberOfMessagesNotVisible"),
    own("parked", "DeadLettersParked"),
    own("put_aside", "PutAside"),
  ]);
  const other = synthesise({ ...leastInput, alarms: { deadLetters: 12, oldestEventSeconds: 60 } });
  const threshold = (id: string) => other.resource("aws_cloudwatch_metric_alarm", id)["threshold"];
  expect([threshold("alarms_dead_letters"), threshold("alarms_oldest_event")]).toEqual([12, 60]);
});

test("our own metrics are those of the contract, under the function and the environment", () => {
  const own = looked().filter(({ namespace }) => namespace === METRIC_NAMESPACE);
  expect(own.length).toBeGreaterThan(15);
  for (const { metric, dimensions } of own) {
    expect(Object.keys(dimensions).sort()).toEqual(["environment", "service"]);
    expect(dimensions["environment"]).toBe("test");
    const all = { ...metrics, [API_SERVICE]: accessLogMetrics };
    const emitted: Record<string, string> = all[dimensions["service"] as keyof typeof all];
    expect(Object.values(emitted)).toContain(metric);
  }
});

test("AWS's metrics are of this environment's own resources", () => {
  const known = {
    "AWS/SQS": { QueueName: /^\$\{aws_sqs_queue\.queues_(main|dead_letter)\.name\}$/ },
    "AWS/Lambda": {
      FunctionName: /^\$\{aws_lambda_function\.(receiver|processor|recovery)\.function_name\}$/,
    },
    "AWS/ApiGateway": { ApiId: /^\$\{aws_apigatewayv2_api\.api\.id\}$/, Stage: /^\$default$/ },
    "AWS/DynamoDB": { TableName: /^\$\{aws_dynamodb_table\.state\.name\}$/ },
    "AWS/Logs": { LogGroupName: /^\/aws\/lambda\/\$\{aws_lambda_function\.\w+\.function_name\}$/ },
  };
  for (const { namespace, dimensions } of looked().filter((each) => each.namespace !== METRIC_NAMESPACE)) {
    const expected: Record<string, RegExp> = known[namespace as keyof typeof known];
    expect(Object.keys(dimensions)).toEqual(Object.keys(expected));
    for (const [name, pattern] of Object.entries(expected)) {
      // In a dashboard's JSON a reference stands for itself.
      expect(dimensions[name]).toMatch(pattern);
    }
  }
});

test("the topic bears a key of ours: CloudWatch may use it, may publish, and nobody does so without TLS", () => {
  expect(least.resource("aws_sns_topic", "alarms_topic")["kms_master_key_id"]).toBe(
    ref("aws_kms_key.alarms_topic_key.arn"),
  );
  expect(least.resource("aws_kms_key", "alarms_topic_key")["enable_key_rotation"]).toBe(true);
  const policy = (type: string, id: string) =>
    (json(least.resource(type, id)["policy"]) as { Statement: Statement[] }).Statement;
  expect(policy("aws_kms_key_policy", "alarms_topic_key_policy")).toEqual([
    expect.objectContaining({
      Sid: "AdministerByIam",
      Principal: { AWS: `arn:aws:iam::${ref("aws_sns_topic.alarms_topic.owner")}:root` },
      Action: expect.not.arrayContaining(["kms:*", "kms:Decrypt"]),
    }),
    {
      Sid: "EncryptAlarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    },
    {
      // Recovery says why deliveries have stopped, which its role has to allow as well.
      Sid: "EncryptByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ref("aws_sns_topic.alarms_topic.owner")}:root` },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } },
    },
  ]);
  expect(policy("aws_sns_topic_policy", "alarms_topic_policy")).toEqual([
    expect.objectContaining({ Sid: "TlsOnly", Effect: "Deny", Action: "sns:Publish", Resource: TOPIC }),
    {
      Sid: "PublishAlarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: TOPIC,
      Condition: {
        ArnLike: {
          "aws:SourceArn": `arn:aws:cloudwatch:eu-west-1:${ref("aws_sns_topic.alarms_topic.owner")}:alarm:genesys-events-test-*`,
        },
      },
    },
  ]);
});

test("who is to hear of it is subscribed by e-mail, two addresses that look alike included", () => {
  const notify = ["a.b@example.com", "a_b@example.com"];
  const stack = synthesise({ ...leastInput, alarms: { notify } });
  expect(Object.values(stack.resources("aws_sns_topic_subscription"))).toEqual(
    notify.map((endpoint) => ({ topic_arn: TOPIC, protocol: "email", endpoint })),
  );
  expect(least.resources("aws_sns_topic_subscription")).toEqual({});
});

test("one dashboard: the alarms, and graphs that neither overlap nor leave the grid", () => {
  expect(Object.values(synthesise(fullInput).resources("aws_cloudwatch_dashboard"))).toHaveLength(1);
  const cells = new Set<string>();
  for (const { x, y, width, height } of widgets()) {
    expect(x + width).toBeLessThanOrEqual(24);
    for (let column = x; column < x + width; column++) {
      for (let row = y; row < y + height; row++) {
        expect(cells.has(`${column},${row}`)).toBe(false);
        cells.add(`${column},${row}`);
      }
    }
  }
  expect(widgets()[0]?.properties.alarms).toEqual(
    expect.arrayContaining(Object.keys(alarms).map((id) => ref(`aws_cloudwatch_metric_alarm.${id}.arn`))),
  );
  expect(graphs().map(({ properties }) => properties.title)).toEqual([
    "Inflow, events",
    "Acknowledgement",
    "Answers that acknowledge nothing",
    "Backlog, events",
    "Age of the oldest event that was never tried",
    "Age of the oldest, since it was received",
    "Deliveries, events",
    "Breaker or mapping (1 is stopped), and recovery",
    "Refused senders, requests",
    "Dead letters",
    "Age of the oldest dead letter, and of what is stored",
    "In and out of the bucket, messages",
    "Cost: invocations",
    "Cost: time of functions",
    "Cost: messages, capacity units",
    "Cost: bytes of logs",
  ]);
});
