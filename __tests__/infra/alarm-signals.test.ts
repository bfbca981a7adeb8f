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

const TABLE = { TableName: ref("aws_dynamodb_table.state.name") };
const UNACKNOWLEDGED = ["AWS/ApiGateway", "5xx", API, "Sum"] as const;

/** Written out, for every alarm that there is. */
const expected: Readonly<Record<string, Signal>> = {
  "oldest-event": {
    expression:
      "IF(FILL(told, 0) > 0, 0, MAX([FILL(untried, 0), FILL(tried, 0) / 1000, FILL(late, 0) / 1000, FILL(held, 0) / 1000]))",
    metrics: {
      untried: ["AWS/SQS", "ApproximateAgeOfOldestMessage", MAIN, "Maximum"],
      tried: ["GenesysEvents", "OldestUndeliveredAge", own("processor"), "Maximum"],
      late: ["GenesysEvents", "OldestDeliveredAge", own("processor"), "Maximum"],
      held: ["GenesysEvents", "OldestUndeliveredAge", own("recovery"), "Maximum"],
      told: ["GenesysEvents", "WaitingTold", own("recovery"), "Maximum"],
    },
  },
  "near-expiry": {
    expression:
      "MAX([FILL(events, 0) / 345600, FILL(seen, 0) / 345600000, FILL(dead_letters, 0) / 1209600, FILL(dead_letters_seen, 0) / 1209600000, FILL(stored, 0) / 31536000000])",
    metrics: {
      events: ["AWS/SQS", "ApproximateAgeOfOldestMessage", MAIN, "Maximum"],
      seen: ["GenesysEvents", "OldestOnQueueAge", own("recovery"), "Maximum"],
      dead_letters: ["AWS/SQS", "ApproximateAgeOfOldestMessage", DEAD_LETTERS, "Maximum"],
      dead_letters_seen: ["GenesysEvents", "OldestDeadLetterAge", own("recovery"), "Maximum"],
      stored: ["GenesysEvents", "OldestStoredAge", own("recovery"), "Maximum"],
    },
  },
  "breaker-open": { metrics: { metric: ["GenesysEvents", "BreakerOpen", own("recovery"), "Maximum"] } },
  "in-flight": {
    metrics: { metric: ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", MAIN, "Maximum"] },
  },
  "dead-letters": {
    expression: "visible + in_flight + FILL(parked, 0) + FILL(put_aside, 0)",
    metrics: {
      visible: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", DEAD_LETTERS, "Maximum"],
      in_flight: ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", DEAD_LETTERS, "Maximum"],
      parked: ["GenesysEvents", "DeadLettersParked", own("recovery"), "Maximum"],
      put_aside: ["GenesysEvents", "PutAside", own("recovery"), "Maximum"],
    },
  },
  "dead-letters-growing": {
    metrics: { metric: ["GenesysEvents", "DeadLettersNew", own("recovery"), "Sum"] },
  },
  "api-5xx": { metrics: { metric: UNACKNOWLEDGED } },
  "slow-acknowledgement": {
    expression: "IF(FILL(spilled, 0) > 0, 0, FILL(latency, 0))",
    metrics: {
      latency: ["AWS/ApiGateway", "IntegrationLatency", API, "p99"],
      spilled: ["GenesysEvents", "EventsSpilled", own("receiver"), "Sum"],
    },
  },
  "secret-missing": { metrics: { metric: ["GenesysEvents", "SecretMissing", own("receiver"), "Sum"] } },
  unauthorized: {
    expression: "MAX([FILL(refused, 0), IF(FILL(accepted, 0) > 0, 0, FILL(wrong, 0) * 20)])",
    metrics: {
      refused: ["GenesysEvents", "RequestsUnauthorized", own("api"), "Sum"],
      wrong: ["GenesysEvents", "SignaturesWrong", own("receiver"), "Sum"],
      accepted: ["GenesysEvents", "EventsAccepted", own("receiver"), "Sum"],
    },
  },
  "throttled-senders": { metrics: { metric: ["GenesysEvents", "RequestsThrottled", own("api"), "Sum"] } },
  spill: {
    expression: "FILL(spilled, 0) + FILL(waiting, 0)",
    metrics: {
      spilled: ["GenesysEvents", "EventsSpilled", own("receiver"), "Sum"],
      waiting: ["GenesysEvents", "SpillsWait", own("recovery"), "Maximum"],
    },
  },
  "delivery-failing": {
    expression: "IF(FILL(unacknowledged, 0) > 0, 0, FILL(errors, 0) + FILL(throttles, 0))",
    metrics: {
      unacknowledged: UNACKNOWLEDGED,
      errors: ["AWS/Lambda", "Errors", functionNamed("processor"), "Sum"],
      throttles: ["AWS/Lambda", "Throttles", functionNamed("processor"), "Sum"],
    },
  },
  "recovery-silent": {
    expression: "IF(FILL(known, 0) > 0, IF(FILL(unacknowledged, 0) > 0, 0, 1 - FILL(well, 0)), 0)",
    metrics: {
      known: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", MAIN, "SampleCount"],
      unacknowledged: UNACKNOWLEDGED,
      well: ["GenesysEvents", "RunsEndedWell", own("recovery"), "Maximum"],
    },
  },
  "state-table": {
    expression:
      "FILL(unprotected, 0) + FILL(out_of_reach, 0) + FILL(read_throttles, 0) + FILL(write_throttles, 0)",
    metrics: {
      unprotected: ["GenesysEvents", "DeliveriesUnprotected", own("processor"), "Sum"],
      out_of_reach: ["GenesysEvents", "StateOutOfReach", own("recovery"), "Maximum"],
      read_throttles: ["AWS/DynamoDB", "ReadThrottleEvents", TABLE, "Sum"],
      write_throttles: ["AWS/DynamoDB", "WriteThrottleEvents", TABLE, "Sum"],
    },
  },
};

/** Those that look at five minutes as one; the others look at each minute. */
const FIVE_MINUTES = ["dead-letters-growing", "throttled-senders", "unauthorized"];

/** Where EventBridge is a source, and nowhere else: each metric of an alarm is billed. */
const RULE = {
  EventBusName: ref("aws_cloudwatch_event_bus.eventbridge_bus.name"),
  RuleName: ref("aws_cloudwatch_event_rule.eventbridge_rule.name"),
};
const withEventBridge: typeof expected = {
  ...expected,
  "eventbridge-failing": {
    expression: "FILL(failed, 0) + FILL(set_aside, 0) + FILL(dropped, 0)",
    metrics: {
      failed: ["AWS/Events", "FailedInvocations", RULE, "Sum"],
      set_aside: ["AWS/Events", "InvocationsSentToDlq", RULE, "Sum"],
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
      const name = nameOf(alarm["alarm_name"]);
      expect([name, ...new Set(periods)]).toEqual([name, FIVE_MINUTES.includes(name) ? 300 : 60]);
      return [name, signal] as const;
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
const table = (metric: string, ...minutes: Series["minutes"]): Series => ({
  namespace: "AWS/DynamoDB",
  metric,
  dimensions: { TableName: "genesys-events-test-state" },
  minutes,
});
/** So many minutes with the same value. */
const minutes = (count: number, value: number | undefined) => Array<number | undefined>(count).fill(value);
/** CloudWatch knows the queue, which is polled all the time. */
const polled = queue(VISIBLE, "queue", ...minutes(5, 0));
const noDeadLetters = [
  queue(VISIBLE, "dead-letter-queue", 0, 0, 0),
  queue(IN_FLIGHT, "dead-letter-queue", 0, 0, 0),
];
/** One slow answer in two hundred: none for the ninety-ninth of a hundred. */
const oneSlow = [5_000, ...Array<number>(199).fill(20)];

/** For every alarm: values of the last minutes that set it off, and values that must not. */
const scenarios: Readonly<
  Record<string, { readonly sets: readonly Series[][]; readonly quiet: Series[][] }>
> = {
  "dead-letters": {
    sets: [
      [queue(VISIBLE, "dead-letter-queue", 1, 1, 1), queue(IN_FLIGHT, "dead-letter-queue", 0, 0, 0)],
      [queue(VISIBLE, "dead-letter-queue", 0, 1, 0), queue(IN_FLIGHT, "dead-letter-queue", 1, 0, 1)],
      [queue(VISIBLE, "dead-letter-queue", [0, 1, 0], 1, 1), queue(IN_FLIGHT, "dead-letter-queue", 0, 0, 0)],
      [...noDeadLetters, emitted("DeadLettersParked", "recovery", 1, 1, 1)],
      [...noDeadLetters, emitted("PutAside", "recovery", 1, 1, 1)],
    ],
    quiet: [
      // Recovery brings back within two runs what an outage has put there.
      [queue(VISIBLE, "dead-letter-queue", 9, 9, 0), queue(IN_FLIGHT, "dead-letter-queue", 0, 0, 0)],
      [queue(VISIBLE, "queue", 9, 9, 9), queue(IN_FLIGHT, "queue", 9, 9, 9)],
      [...noDeadLetters, emitted("DeadLettersParked", "recovery", 0, 9, 9)],
    ],
  },
  "dead-letters-growing": {
    sets: [
      [emitted("DeadLettersNew", "recovery", 10)],
      [emitted("DeadLettersNew", "recovery", 2, 2, 2, 2, 2)],
      [emitted("DeadLettersNew", "recovery", ...minutes(12, 0), 10)],
    ],
    quiet: [
      [emitted("DeadLettersNew", "recovery", 3, 3, 3, 0, 0, 9)],
      [emitted("DeadLettersNew", "recovery", ...minutes(15, 0), 99)],
      [queue(VISIBLE, "dead-letter-queue", 99, 0)],
    ],
  },
  "near-expiry": {
    sets: [
      [queue(AGE, "queue", 0.55 * 4 * 86_400)],
      [emitted("OldestOnQueueAge", "recovery", 0.55 * 4 * 86_400_000)],
      [queue(AGE, "dead-letter-queue", 0.55 * 14 * 86_400)],
      // SQS's own age is silent for what is read again and again.
      [
        queue(AGE, "dead-letter-queue", 0),
        emitted("OldestDeadLetterAge", "recovery", 0.55 * 14 * 86_400_000),
      ],
      [emitted("OldestStoredAge", "recovery", 0.55 * 365 * 86_400_000)],
    ],
    quiet: [
      // Half is when recovery parks it: that alone is no reason to wake anybody, and neither are five halves.
      [
        queue(AGE, "queue", 0.54 * 4 * 86_400),
        emitted("OldestOnQueueAge", "recovery", 0.54 * 4 * 86_400_000),
        queue(AGE, "dead-letter-queue", 0.54 * 14 * 86_400),
        emitted("OldestDeadLetterAge", "recovery", 0.54 * 14 * 86_400_000),
        emitted("OldestStoredAge", "recovery", 0.54 * 365 * 86_400_000),
      ],
      [queue(AGE, "dead-letter-queue", 4 * 86_400)],
    ],
  },
  "oldest-event": {
    sets: [
      [queue(AGE, "queue", 900)],
      [emitted("OldestUndeliveredAge", "processor", [0, 900_000, 0])],
      [emitted("OldestDeliveredAge", "processor", [0, 900_000, 0])],
      [emitted("OldestUndeliveredAge", "recovery", 900_000)],
      [emitted("OldestUndeliveredAge", "processor", 5), emitted("OldestUndeliveredAge", "recovery", 900_000)],
      // What is told is told by recovery: where it says nothing, this one does.
      [queue(AGE, "queue", 900), emitted("WaitingTold", "recovery", 0)],
      [emitted("OldestDeliveredAge", "processor", 0, 0, 0, 0, 900_000)],
    ],
    quiet: [
      // Four ages are one event's and another's: their sum is nobody's.
      [
        queue(AGE, "queue", 899),
        emitted("OldestUndeliveredAge", "processor", 899_999),
        emitted("OldestDeliveredAge", "processor", 899_999),
        emitted("OldestUndeliveredAge", "recovery", 899_999),
      ],
      [queue(AGE, "queue", ...minutes(5, 9_000)), emitted("WaitingTold", "recovery", ...minutes(5, 1))],
      [emitted("OldestUndeliveredAge", "receiver", 999_999), queue(AGE, "dead-letter-queue", 9_000)],
      [emitted("OldestUndeliveredAge", "processor", ...minutes(5, 0), 999_999)],
    ],
  },
  "api-5xx": {
    sets: [[api("5xx", [0, 0, 1])], [api("5xx", 0, 0, 0, 0, 1)]],
    quiet: [[api("5xx", [0, 0])], [api("4xx", 100), api("Count", 100)], [api("5xx", 0, 0, 0, 0, 0, 1)]],
  },
  "slow-acknowledgement": {
    sets: [
      [api("IntegrationLatency", 1_000, 20, 1_000, 20, 1_000)],
      [api("IntegrationLatency", [...oneSlow, 5_000, 5_000], [5_000, 20], 1_500)],
    ],
    quiet: [
      [api("IntegrationLatency", 1_000, 1_000, 999, 999, 999)],
      [api("IntegrationLatency", oneSlow, oneSlow, oneSlow, oneSlow, oneSlow)],
      [
        api("IntegrationLatency", ...minutes(5, 2_000)),
        emitted("EventsSpilled", "receiver", ...minutes(5, 1)),
      ],
    ],
  },
  "secret-missing": {
    sets: [[emitted("SecretMissing", "receiver", 1)], [emitted("SecretMissing", "receiver", 0, 0, 0, 0, 1)]],
    quiet: [
      [emitted("SecretUnreadable", "receiver", 9)],
      [emitted("SecretMissing", "receiver", ...minutes(5, 0), 9)],
    ],
  },
  unauthorized: {
    sets: [
      [emitted("RequestsUnauthorized", "api", 20), emitted("EventsAccepted", "receiver", 99)],
      [emitted("RequestsUnauthorized", "api", 4, 4, 4, 4, 4), emitted("EventsAccepted", "receiver", 99)],
      // Thin traffic, and every event of it refused.
      [emitted("SignaturesWrong", "receiver", 1), emitted("RequestsUnauthorized", "api", 1)],
      [emitted("SignaturesWrong", "receiver", ...minutes(57, undefined), 1)],
    ],
    quiet: [
      [emitted("RequestsUnauthorized", "api", 19)],
      [emitted("SignaturesWrong", "receiver", 19), emitted("EventsAccepted", "receiver", 1)],
      [emitted("SignaturesWrong", "receiver", ...minutes(60, undefined), 1)],
      [emitted("EventsRejected", "receiver", 99), api("4xx", 99)],
    ],
  },
  "throttled-senders": {
    sets: [
      [emitted("RequestsThrottled", "api", 1)],
      [emitted("RequestsThrottled", "api", ...minutes(14, undefined), 1)],
    ],
    quiet: [
      [emitted("RequestsThrottled", "api", ...minutes(15, undefined), 1)],
      [emitted("RequestsUnauthorized", "api", 99), api("4xx", 99)],
    ],
  },
  "delivery-failing": {
    sets: [
      [lambda("Errors", "processor", 1, 0, 0, 0, 1)],
      [lambda("Throttles", "processor", 1, 1)],
      [lambda("Errors", "processor", 1, 0), lambda("Throttles", "processor", 0, 1)],
    ],
    quiet: [
      [lambda("Errors", "processor", 9, 0, 0, 0, 0)],
      [lambda("Errors", "receiver", 9, 9, 9, 9, 9), lambda("Throttles", "receiver", 9, 9, 9, 9, 9)],
      [lambda("Errors", "recovery", 9, 9, 9, 9, 9)],
      [lambda("Throttles", "processor", ...minutes(5, 1)), api("5xx", ...minutes(5, 1))],
    ],
  },
  "recovery-silent": {
    sets: [
      [polled],
      [polled, emitted("RunsEndedWell", "recovery", ...minutes(5, 0))],
      [polled, lambda("Invocations", "recovery", ...minutes(5, 9))],
    ],
    quiet: [
      [polled, emitted("RunsEndedWell", "recovery", ...minutes(5, 1))],
      // One run of five that ended well is a sign of life.
      [polled, emitted("RunsEndedWell", "recovery", 0, undefined, 0, undefined, 1)],
      [polled, api("5xx", ...minutes(5, 1))],
      // A first deployment: CloudWatch does not know the queue yet, or has just come to.
      [],
      [queue(VISIBLE, "queue", 0, 0, 0, 0)],
    ],
  },
  "state-table": {
    sets: [
      [emitted("DeliveriesUnprotected", "processor", 1, 1)],
      [emitted("StateOutOfReach", "recovery", 1, 0, 1)],
      [table("ReadThrottleEvents", 1, 0, 0, 0, 1)],
      [table("WriteThrottleEvents", 1, 0), table("ReadThrottleEvents", 0, 1)],
    ],
    quiet: [
      [emitted("DeliveriesUnprotected", "processor", 9, 0, 0, 0, 0)],
      [emitted("StateOutOfReach", "recovery", 0, 0)],
      [table("ConsumedReadCapacityUnits", 9, 9), emitted("EventsDelivered", "processor", 9, 9)],
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
    sets: [
      [emitted("EventsSpilled", "receiver", 1)],
      [emitted("SpillsWait", "recovery", 1)],
      [emitted("EventsSpilled", "receiver", ...minutes(4, undefined), 9)],
    ],
    quiet: [
      [emitted("EventsSpilled", "receiver", ...minutes(5, undefined), 9)],
      [emitted("EventsClaimChecked", "receiver", 9), emitted("SpillsWait", "recovery", 0)],
    ],
  },
  "breaker-open": {
    sets: [
      [emitted("BreakerOpen", "recovery", 1, [0, 1], 1)],
      [emitted("BreakerOpen", "recovery", 0, 1, 0, 1, 1)],
    ],
    quiet: [
      [emitted("BreakerOpen", "recovery", 1, 1, 0)],
      [emitted("BreakerOpen", "recovery", 0, 0, 1, 0, 1)],
      [emitted("BreakerOpen", "recovery", undefined, undefined, 0)],
    ],
  },
  "eventbridge-failing": {
    sets: [
      [rule("FailedInvocations", [0, 1])],
      [rule("InvocationsSentToDlq", 1)],
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

test.each(models)("%s is quiet where there are no values at all", (_, model: AlarmModel) => {
  expect(stateAfter(model, [])).toBe("OK");
});

test("silence counts for recovery alone: what has stopped says nothing", () => {
  expect(all.filter(({ missing }) => missing === "breaching").map(({ name }) => nameOf(name))).toEqual([
    "recovery-silent",
  ]);
});
