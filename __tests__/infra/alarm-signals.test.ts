import type { EnvironmentInput } from "../../infra/settings.ts";
import type { AlarmModel } from "../../local/stack/model.ts";
import { alarmsOf, type Series, stateAfter } from "../support/alarms.ts";
import { fullInput, guardedInput, leastInput, ref, synthesise } from "../support/synthesise.ts";

const PARTNER_EVENT_SOURCE = "aws.partner/genesys.com/cloud/2e4f-11/events";

/** What an alarm looks at, as it stands in `cdk.tf.json`. */
interface Signal {
  /** Over the ids of the metrics; an alarm on one metric alone has none. */
  readonly expression?: string;
  /** Namespace, name, dimensions, statistic. */
  readonly metrics: Readonly<Record<string, readonly [string, string, Record<string, string>, string]>>;
}

const MAIN = { QueueName: ref("aws_sqs_queue.queues_main.name") };
const DEAD_LETTERS = { QueueName: ref("aws_sqs_queue.queues_dead_letter.name") };
const API = { ApiId: ref("aws_apigatewayv2_api.api.id"), Stage: "$default" };
const functionNamed = (name: string) => ({ FunctionName: ref(`aws_lambda_function.${name}.function_name`) });
const own = (service: string) => ({ environment: "test", service });

/** Written out, for every alarm that there is. */
const expected: Readonly<Record<string, Signal>> = {
  "dead-letters": {
    expression: "visible + in_flight + FILL(parked, 0) + FILL(put_aside, 0)",
    metrics: {
      visible: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", DEAD_LETTERS, "Maximum"],
      in_flight: ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", DEAD_LETTERS, "Maximum"],
      parked: ["GenesysEvents", "DeadLettersParked", own("recovery"), "Maximum"],
      put_aside: ["GenesysEvents", "PutAside", own("recovery"), "Maximum"],
    },
  },
  "near-expiry": {
    expression:
      "MAX([FILL(events, 0) / 345600, FILL(dead_letters, 0) / 1209600, FILL(stored, 0) / 31536000000])",
    metrics: {
      events: ["AWS/SQS", "ApproximateAgeOfOldestMessage", MAIN, "Maximum"],
      dead_letters: ["AWS/SQS", "ApproximateAgeOfOldestMessage", DEAD_LETTERS, "Maximum"],
      stored: ["GenesysEvents", "OldestStoredAge", own("recovery"), "Maximum"],
    },
  },
  "oldest-event": {
    expression: "MAX([FILL(tried, 0), FILL(held, 0)])",
    metrics: {
      tried: ["GenesysEvents", "OldestUndeliveredAge", own("processor"), "Maximum"],
      held: ["GenesysEvents", "OldestUndeliveredAge", own("recovery"), "Maximum"],
    },
  },
  "api-5xx": { metrics: { metric: ["AWS/ApiGateway", "5xx", API, "Sum"] } },
  "slow-acknowledgement": { metrics: { metric: ["AWS/ApiGateway", "IntegrationLatency", API, "p99"] } },
  "receiver-failing": {
    expression: "FILL(errors, 0) + FILL(throttles, 0) + FILL(secret_missing, 0)",
    metrics: {
      errors: ["AWS/Lambda", "Errors", functionNamed("receiver"), "Sum"],
      throttles: ["AWS/Lambda", "Throttles", functionNamed("receiver"), "Sum"],
      secret_missing: ["GenesysEvents", "SecretMissing", own("receiver"), "Sum"],
    },
  },
  "delivery-failing": {
    expression: "FILL(errors, 0) + FILL(throttles, 0) + FILL(recovery_errors, 0)",
    metrics: {
      errors: ["AWS/Lambda", "Errors", functionNamed("processor"), "Sum"],
      throttles: ["AWS/Lambda", "Throttles", functionNamed("processor"), "Sum"],
      recovery_errors: ["AWS/Lambda", "Errors", functionNamed("recovery"), "Sum"],
    },
  },
  "in-flight": {
    metrics: { metric: ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", MAIN, "Maximum"] },
  },
  spill: { metrics: { metric: ["GenesysEvents", "EventsSpilled", own("receiver"), "Sum"] } },
  "breaker-open": { metrics: { metric: ["GenesysEvents", "BreakerOpen", own("recovery"), "Maximum"] } },
};

/** Where EventBridge is a source, and nowhere else: each metric of an alarm is billed. */
const RULE = {
  EventBusName: ref("aws_cloudwatch_event_bus.eventbridge_bus.name"),
  RuleName: ref("aws_cloudwatch_event_rule.eventbridge_rule.name"),
};
const withEventBridge: typeof expected = {
  ...expected,
  "eventbridge-failing": {
    expression: "FILL(failed, 0) + FILL(dropped, 0)",
    metrics: {
      failed: ["AWS/Events", "FailedInvocations", RULE, "Sum"],
      dropped: ["AWS/Events", "InvocationsFailedToBeSentToDlq", RULE, "Sum"],
    },
  },
};

const nameOf = (alarmName: unknown) => String(alarmName).replace("genesys-events-test-", "");

type Described = Readonly<Record<string, unknown>>;

/** What stands in the stack of one alarm, in the shape of the table above. */
function signalOf(alarm: Described): Signal & { readonly periods: readonly unknown[] } {
  const described = ({
    namespace,
    metric_name,
    dimensions,
    stat,
    statistic,
    extended_statistic,
  }: Described) =>
    [
      String(namespace),
      String(metric_name),
      dimensions as Record<string, string>,
      String(stat ?? statistic ?? extended_statistic),
    ] as const;
  const queries = alarm["metric_query"] as
    | readonly { id: string; expression?: string; return_data?: boolean; metric?: Described }[]
    | undefined;
  if (queries === undefined) return { metrics: { metric: described(alarm) }, periods: [alarm["period"]] };
  const [returned, ...others] = queries.filter(({ return_data }) => return_data);
  expect(others).toEqual([]);
  const metrics = queries.flatMap(({ id, metric }) => (metric ? [[id, metric] as const] : []));
  expect(metrics).toHaveLength(queries.length - 1);
  return {
    expression: String(returned?.expression),
    metrics: Object.fromEntries(metrics.map(([id, metric]) => [id, described(metric)])),
    periods: metrics.map(([, { period }]) => period),
  };
}

describe.each([
  ["least", leastInput, expected],
  ["full", fullInput, expected],
  ["guarded", guardedInput, withEventBridge],
])("in the %s environment", (_, input, all) => {
  const alarms = Object.values(synthesise(input).resources("aws_cloudwatch_metric_alarm"));

  test("each alarm looks at what is written down here, and there is no other alarm", () => {
    const found = alarms.map((alarm) => {
      const { periods, ...signal } = signalOf(alarm);
      expect(new Set(periods)).toEqual(new Set([60]));
      return [nameOf(alarm["alarm_name"]), signal] as const;
    });
    expect(Object.fromEntries(found)).toEqual(all);
  });
});

const queue = (
  metric: string,
  which: "queue" | "dead-letter-queue",
  ...minutes: Series["minutes"]
): Series => ({
  namespace: "AWS/SQS",
  metric,
  dimensions: { QueueName: `genesys-events-test-${which}` },
  minutes,
});
const lambda = (metric: string, name: string, ...minutes: Series["minutes"]): Series => ({
  namespace: "AWS/Lambda",
  metric,
  dimensions: { FunctionName: `genesys-events-test-${name}` },
  minutes,
});
const api = (metric: string, ...minutes: Series["minutes"]): Series => ({
  namespace: "AWS/ApiGateway",
  metric,
  dimensions: { ApiId: "aws-apigatewayv2-api-api", Stage: "$default" },
  minutes,
});
const emitted = (metric: string, service: string, ...minutes: Series["minutes"]): Series => ({
  namespace: "GenesysEvents",
  metric,
  dimensions: { environment: "test", service },
  minutes,
});
const rule = (metric: string, ...minutes: Series["minutes"]): Series => ({
  namespace: "AWS/Events",
  metric,
  dimensions: { EventBusName: PARTNER_EVENT_SOURCE, RuleName: "genesys-events-test-genesys-events" },
  minutes,
});
const VISIBLE = "ApproximateNumberOfMessagesVisible";
const IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible";
const AGE = "ApproximateAgeOfOldestMessage";
/** What recovery says of a closed breaker, without which silence would set its alarm off. */
const closed = emitted("BreakerOpen", "recovery", 0, 0, 0, 0, 0);
const noDeadLetters = [queue(VISIBLE, "dead-letter-queue", 0), queue(IN_FLIGHT, "dead-letter-queue", 0)];
/** One slow answer in two hundred: none for the ninety-ninth of a hundred. */
const oneSlow = [5_000, ...Array<number>(199).fill(20)];

/** For every alarm: values of the last minutes that set it off, and values that must not. */
const scenarios: Readonly<
  Record<string, { readonly sets: readonly Series[][]; readonly quiet: Series[][] }>
> = {
  "dead-letters": {
    sets: [
      [queue(VISIBLE, "dead-letter-queue", 1), queue(IN_FLIGHT, "dead-letter-queue", 0)],
      [queue(VISIBLE, "dead-letter-queue", 0), queue(IN_FLIGHT, "dead-letter-queue", 1)],
      [queue(VISIBLE, "dead-letter-queue", [0, 1, 0]), queue(IN_FLIGHT, "dead-letter-queue", 0)],
      [...noDeadLetters, emitted("DeadLettersParked", "recovery", 1)],
      [...noDeadLetters, emitted("PutAside", "recovery", 1)],
    ],
    quiet: [
      [queue(VISIBLE, "dead-letter-queue", 0, 9), queue(IN_FLIGHT, "dead-letter-queue", 0, 9)],
      [queue(VISIBLE, "queue", 9), queue(IN_FLIGHT, "queue", 9)],
      [...noDeadLetters, emitted("DeadLettersParked", "recovery", 0, 9)],
    ],
  },
  "near-expiry": {
    sets: [
      [queue(AGE, "queue", 0.55 * 4 * 86_400)],
      [queue(AGE, "dead-letter-queue", 0.55 * 14 * 86_400)],
      [emitted("OldestStoredAge", "recovery", 0.55 * 365 * 86_400_000)],
    ],
    quiet: [
      // Half is when recovery parks it: that alone is no reason to wake anybody, and neither are three halves.
      [
        queue(AGE, "queue", 0.54 * 4 * 86_400),
        queue(AGE, "dead-letter-queue", 0.54 * 14 * 86_400),
        emitted("OldestStoredAge", "recovery", 0.54 * 365 * 86_400_000),
      ],
      [queue(AGE, "dead-letter-queue", 4 * 86_400)],
    ],
  },
  "oldest-event": {
    sets: [
      [emitted("OldestUndeliveredAge", "processor", [0, 900_000, 0])],
      [emitted("OldestUndeliveredAge", "recovery", 900_000)],
      [emitted("OldestUndeliveredAge", "processor", 5), emitted("OldestUndeliveredAge", "recovery", 900_000)],
    ],
    quiet: [
      // Two ages are one event's and another's: their sum is nobody's.
      [
        emitted("OldestUndeliveredAge", "processor", 899_999),
        emitted("OldestUndeliveredAge", "recovery", 899_999),
      ],
      [emitted("OldestUndeliveredAge", "receiver", 999_999)],
      [emitted("OldestUndeliveredAge", "processor", 0, 999_999)],
    ],
  },
  "api-5xx": {
    sets: [[api("5xx", [0, 0, 1])]],
    quiet: [[api("5xx", [0, 0])], [api("4xx", 100), api("Count", 100)]],
  },
  "slow-acknowledgement": {
    sets: [
      [api("IntegrationLatency", 1_000, 20, 1_000, 20, 1_000)],
      [api("IntegrationLatency", [...oneSlow, 5_000, 5_000], [5_000, 20], 1_500)],
    ],
    quiet: [
      [api("IntegrationLatency", 1_000, 1_000, 999, 999, 999)],
      [api("IntegrationLatency", oneSlow, oneSlow, oneSlow, oneSlow, oneSlow)],
    ],
  },
  "receiver-failing": {
    sets: [
      [lambda("Errors", "receiver", [0, 1, 0])],
      [lambda("Throttles", "receiver", 1)],
      [emitted("SecretMissing", "receiver", 1)],
      [lambda("Errors", "receiver", 0), lambda("Throttles", "receiver", 1)],
    ],
    quiet: [
      [lambda("Errors", "receiver", 0, 9), lambda("Throttles", "receiver", 0, 9)],
      [emitted("SecretUnreadable", "receiver", 9)],
      [lambda("Errors", "processor", 9), lambda("Throttles", "recovery", 9)],
      [lambda("Invocations", "receiver", 9), lambda("Duration", "receiver", 9_000)],
    ],
  },
  "delivery-failing": {
    sets: [
      [lambda("Errors", "processor", 1, 0, 0, 0, 1)],
      [lambda("Throttles", "processor", 1, 1)],
      [lambda("Errors", "recovery", 1, 0, 1)],
      [lambda("Errors", "processor", 1, 0), lambda("Errors", "recovery", 0, 1)],
    ],
    quiet: [
      [lambda("Errors", "processor", 9, 0, 0, 0, 0)],
      [lambda("Errors", "receiver", 9, 9, 9, 9, 9), lambda("Throttles", "receiver", 9, 9, 9, 9, 9)],
    ],
  },
  "in-flight": {
    sets: [[queue(IN_FLIGHT, "queue", [1, 90_000])]],
    quiet: [
      [queue(IN_FLIGHT, "queue", 89_999)],
      [queue(VISIBLE, "queue", 999_999), queue(IN_FLIGHT, "dead-letter-queue", 99_999)],
    ],
  },
  spill: {
    sets: [[emitted("EventsSpilled", "receiver", 1)]],
    quiet: [
      [emitted("EventsSpilled", "receiver", undefined, 9)],
      [emitted("EventsClaimChecked", "receiver", 9)],
    ],
  },
  "breaker-open": {
    sets: [[emitted("BreakerOpen", "recovery", 1, [0, 1], 1)], [emitted("BreakerOpen", "recovery", 1)], []],
    quiet: [
      [emitted("BreakerOpen", "recovery", 1, 1, 0)],
      [closed],
      [emitted("BreakerOpen", "recovery", undefined, undefined, 0)],
    ],
  },
  "eventbridge-failing": {
    sets: [
      [rule("FailedInvocations", [0, 1])],
      [rule("InvocationsFailedToBeSentToDlq", 1)],
      [rule("FailedInvocations", 1), rule("InvocationsFailedToBeSentToDlq", 1)],
    ],
    quiet: [[rule("FailedInvocations", 0, 9)], [rule("Invocations", 9), rule("ThrottledRules", 9)]],
  },
};

const bridged: EnvironmentInput = {
  ...leastInput,
  sources: { eventbridge: { partnerEventSource: PARTNER_EVENT_SOURCE } },
};
const all = await alarmsOf(synthesise(bridged));
const models = all.map((model) => [nameOf(model.name), model] as const);

test("every alarm has values that set it off, and values that must not", () => {
  expect(models.map(([name]) => name).sort()).toEqual(Object.keys(scenarios).sort());
});

test.each(models)("%s can go off", (name, model) => {
  const { sets = [] } = scenarios[name] ?? {};
  expect(sets.length).toBeGreaterThan(0);
  expect(sets.map((series) => stateAfter(model, series))).toEqual(sets.map(() => "ALARM"));
});

test.each(models)("%s goes off for nothing else", (name, model) => {
  const { quiet = [] } = scenarios[name] ?? {};
  expect(quiet.length).toBeGreaterThan(0);
  expect(quiet.map((series) => stateAfter(model, series))).toEqual(quiet.map(() => "OK"));
});

test.each(models)("%s is quiet, or not, where there are no values at all", (name, model: AlarmModel) => {
  expect(stateAfter(model, [])).toBe(name === "breaker-open" ? "ALARM" : "OK");
});

test("silence counts for the breaker alone: its alarm is the one that a dead recovery sets off", () => {
  expect(all.filter(({ missing }) => missing === "breaching").map(({ name }) => nameOf(name))).toEqual([
    "breaker-open",
  ]);
});
