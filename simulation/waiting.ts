import type { EnvironmentInput } from "../contract/settings/environment.ts";
import type { Random } from "./random.ts";
import type { Scenario, World } from "./scenario.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** When it begins, in every scenario here. */
const BEGINS_MINUTES = 10;
const BEGINS = BEGINS_MINUTES * MINUTE;
/** When it has been put right. */
const ENDS = 2 * HOUR;

/** One way in which events wait or are lost, and who is told of it. docs/operate.md has a row for each. */
export interface WayOfWaiting {
  /** Of its scenario. */
  readonly name: string;
  /** As a person would say it. */
  readonly way: string;
  /** The alarm that tells it, by the last part of its name. */
  readonly alarm: string;
  /** So many minutes after it began. */
  readonly withinMinutes: number;
  /** How a person says it, where it follows from a setting. @default so many minutes */
  readonly after?: string;
  /** Another alarm that tells a further fact: no second mail for one cause. @default none */
  readonly also?: readonly string[];
  /** What recovery says of it, in so many words; it says it once, and once that it is over. */
  readonly notice?: RegExp;
  readonly settings?: Partial<EnvironmentInput>;
  readonly world: (random: Random) => Partial<World>;
}

const event = (type: string, number: number, random: Random) => ({
  way: "webhook" as const,
  eventType: type,
  event: { webhookName: "w", eventType: type, number, nonce: random.next() },
});

const during =
  (how: { readonly status: number }): World["destination"] =>
  ({ elapsed }) =>
    elapsed >= BEGINS && elapsed < ENDS ? how : { status: 200 };

const outage = (service: string, operations?: readonly string[]): Partial<World> => ({
  faults: {
    rate: 0,
    outages: [
      { service, from: BEGINS, to: ENDS, how: "refuse", ...(operations === undefined ? {} : { operations }) },
    ],
  },
});

const every: Partial<World>["arrivals"] = [{ kind: "poisson", perSecond: 0.2, from: 0, to: ENDS + HOUR }];
/** Four an hour. */
const thin: Partial<World>["arrivals"] = [
  { kind: "poisson", perSecond: 4 / 3_600, from: 0, to: ENDS + HOUR },
];

export const waysOfWaiting: readonly WayOfWaiting[] = [
  {
    name: "waits-mapping-off",
    way: "Somebody switched the event source mapping off",
    alarm: "breaker-open",
    notice: /is Disabled, and not by the breaker[\s\S]+until a person puts it right/,
    withinMinutes: 5,
    world: () => ({
      acts: [
        { at: BEGINS, act: (operator) => operator.switchMapping(false) },
        { at: ENDS, act: (operator) => operator.switchMapping(true) },
      ],
    }),
  },
  {
    name: "waits-mapping-in-trouble",
    way: "The mapping is on and cannot poll: a key, a role or a queue is not as it was",
    alarm: "breaker-open",
    notice: /Lambda cannot poll: PROBLEM/,
    withinMinutes: 5,
    world: () => ({
      acts: [
        {
          at: BEGINS,
          act: (operator) => operator.breakMapping("Lambda failed to decrypt the queue's messages"),
        },
        { at: ENDS, act: (operator) => operator.breakMapping(undefined) },
      ],
    }),
  },
  {
    name: "waits-account-throttled",
    way: "Something else has used up the account's concurrency",
    alarm: "api-5xx",
    withinMinutes: 3,
    world: () => ({
      acts: [
        { at: BEGINS, act: (operator) => operator.takeConcurrency(1_000) },
        { at: ENDS, act: (operator) => operator.takeConcurrency(0) },
      ],
    }),
  },
  {
    name: "waits-slow-destination",
    way: "The destination takes fewer events than come",
    alarm: "oldest-event",
    withinMinutes: 40,
    after: "`alarms.oldestEventSeconds` + 3 min",
    settings: { processor: { maximumConcurrency: 2, batchSize: 1, batchConcurrency: 1 } },
    world: () => ({
      milliseconds: ENDS + 6 * HOUR,
      arrivals: [{ kind: "poisson", perSecond: 0.6, from: BEGINS, to: BEGINS + HOUR }],
      destination: () => ({ status: 200, milliseconds: 8_000 }),
    }),
  },
  {
    name: "waits-outage",
    way: "The destination is down, and the breaker is open",
    alarm: "breaker-open",
    notice: /answered 503[\s\S]+events wait[\s\S]+by themselves/,
    withinMinutes: 8,
    world: () => ({ destination: during({ status: 503 }) }),
  },
  {
    name: "waits-outage-302",
    way: "The destination answers each event with a redirect, a 401 or a 404",
    alarm: "breaker-open",
    notice: /answered 302/,
    withinMinutes: 8,
    world: () => ({ destination: during({ status: 302 }) }),
  },
  {
    name: "waits-forgotten-break",
    way: "A person opened the breaker and forgot it",
    alarm: "breaker-open",
    notice: /maintenance[\s\S]+until a person puts it right/,
    withinMinutes: 5,
    world: () => ({
      acts: [
        { at: BEGINS, act: (operator) => operator.openBreaker() },
        { at: ENDS, act: (operator) => operator.closeBreaker() },
      ],
    }),
  },
  {
    name: "waits-wrong-secret",
    way: "The secret here is another one than in Genesys Cloud",
    alarm: "unauthorized",
    withinMinutes: 12, // the receiver reads it again within five
    world: () => ({ acts: [{ at: BEGINS, act: (operator) => operator.replaceSecrets() }] }),
  },
  {
    name: "waits-wrong-secret-thin-traffic",
    way: "The same, with four events an hour",
    alarm: "unauthorized",
    withinMinutes: 75,
    world: () => ({
      arrivals: thin,
      acts: [{ at: BEGINS, act: (operator) => operator.replaceSecrets() }],
    }),
  },
  {
    name: "waits-queue-refuses",
    way: "A policy or a key keeps the receiver from sending to the queue",
    alarm: "spill",
    withinMinutes: 3,
    world: () => outage("sqs", ["SendMessage", "SendMessageBatch"]),
  },
  {
    name: "waits-bucket-refuses",
    way: "A policy or a key keeps recovery from the bucket",
    alarm: "recovery-silent",
    withinMinutes: 8,
    world: () => outage("s3"),
  },
  {
    name: "waits-nothing-stores",
    way: "Neither queue nor bucket takes events",
    alarm: "api-5xx",
    withinMinutes: 3,
    world: () => ({
      faults: {
        rate: 0,
        outages: (["sqs", "s3"] as const).map((service) => ({
          service,
          from: BEGINS,
          to: ENDS,
          how: "refuse" as const,
        })),
      },
    }),
  },
  {
    name: "waits-recovery-dead",
    way: "Recovery fails, or is throttled or denied",
    alarm: "recovery-silent",
    withinMinutes: 8,
    world: () => ({ acts: [{ at: BEGINS, act: (operator) => operator.stopRecovery() }] }),
  },
  {
    name: "waits-schedule-off",
    way: "Recovery's schedule is off",
    alarm: "recovery-silent",
    withinMinutes: 8,
    world: () => ({
      acts: [
        { at: BEGINS, act: (operator) => operator.switchSchedule(false) },
        { at: ENDS, act: (operator) => operator.switchSchedule(true) },
      ],
    }),
  },
  {
    name: "waits-state-table-gone",
    way: "The state table is gone, or throttles",
    alarm: "state-table",
    withinMinutes: 5,
    world: () => outage("dynamodb"),
  },
  {
    name: "waits-dead-letters",
    way: "The destination turns events of one type down for good",
    alarm: "dead-letters",
    withinMinutes: 10,
    world: () => ({
      arrivals: [
        { kind: "poisson", perSecond: 0.2, from: 0, to: ENDS + HOUR },
        { kind: "burst", count: 5, at: BEGINS },
      ],
      event: (number, random, stream) => event(stream === 0 ? "good.type" : "bad.type", number, random),
      destination: ({ eventType }) => ({ status: eventType === "bad.type" ? 422 : 200 }),
    }),
  },
  {
    name: "waits-more-dead-letters",
    way: "More dead letters come to those that wait for a person",
    alarm: "dead-letters-growing",
    withinMinutes: 20,
    also: ["dead-letters"],
    world: () => ({
      acts: [
        { at: MINUTE, act: (operator) => operator.leaveDeadLetters(1) },
        { at: BEGINS + 5 * MINUTE, act: (operator) => operator.leaveDeadLetters(400) },
      ],
    }),
  },
  {
    name: "waits-throttled-senders",
    way: "Senders send more than the API takes",
    alarm: "throttled-senders",
    withinMinutes: 3,
    settings: { throttling: { ratePerSecond: 5, burst: 10 } },
    world: () => ({
      arrivals: [
        { kind: "poisson", perSecond: 0.2, from: 0, to: ENDS },
        { kind: "poisson", perSecond: 50, from: BEGINS, to: BEGINS + MINUTE },
      ],
    }),
  },
];

/** Each as a scenario: it is told in time, and once. */
export const waitingScenarios: readonly Scenario[] = [
  ...waysOfWaiting.map(scenarioOf),
  {
    name: "quiet-first-hours",
    shows:
      "After a first deployment that went well no alarm is in ALARM, with no event and with the first few.",
    seeds: 2,
    world: () => ({
      ...worldOf({}),
      arrivals: [{ kind: "poisson", perSecond: 1 / 300, from: HOUR, to: 3 * HOUR }],
    }),
    expect: ({ alarms }) => Object.keys(alarms).map((name) => `${name} went into ALARM`),
  },
];

function worldOf(world: Partial<World>): World {
  return {
    milliseconds: ENDS + 2 * HOUR,
    arrivals: every ?? [],
    event: (number, random) => event("good.type", number, random),
    destination: () => ({ status: 200 }),
    ...world,
  };
}

function scenarioOf({
  name,
  way,
  alarm,
  withinMinutes,
  also = [],
  notice,
  settings,
  world,
}: WayOfWaiting): Scenario {
  return {
    name,
    shows: `${way}: ${alarm} is in ALARM within ${withinMinutes} minutes, and no second mail comes for it.`,
    seeds: 1,
    ...(settings === undefined ? {} : { settings }),
    world: (random) => worldOf(world(random)),
    expect: ({ alarms, notices, longestSilenceMinutes }) => {
      const minutes = (alarms[alarm]?.[0] ?? Number.POSITIVE_INFINITY) - BEGINS_MINUTES;
      const others = Object.keys(alarms).filter((each) => each !== alarm && !also.includes(each));
      const told = notices.map(({ text }) => text);
      const flapping = Object.entries(alarms).filter(([, times]) => times.length > 1);
      return [
        ...(minutes <= withinMinutes ? [] : [`${alarm} told it after ${minutes} minutes`]),
        ...others.map((each) => `${each} told the same, in minute ${alarms[each]?.join(", ")}`),
        ...flapping.map(
          ([each, times]) => `${each} went into ALARM ${times.length} times: ${times.join(", ")}`,
        ),
        ...(notice === undefined || (told.length === 2 && notice.test(told[0] ?? ""))
          ? []
          : [`Recovery said ${JSON.stringify(told)}`]),
        ...(longestSilenceMinutes <= 3 ? [] : [`Nobody was notified for ${longestSilenceMinutes} minutes`]),
      ];
    },
  };
}
