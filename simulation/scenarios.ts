import { drainScenarios } from "./drains.ts";
import type { FaultPlan } from "./faults.ts";
import { forecastScenarios } from "./forecasts.ts";
import type { Random } from "./random.ts";
import type { Scenario, World } from "./scenario.ts";
import { TWIN_EVENTS, twinEvent, twinSettings, twinStatus, twinType } from "./twin.ts";
import { waitingScenarios } from "./waiting.ts";
import type { Arrivals } from "./world/arrivals.ts";
import type { Behaviour, Script } from "./world/destination.ts";
import { PARTNER_EVENT_SOURCE, type Way } from "./world/genesys.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WELL: Behaviour = { status: 200 };

const SAMPLE_TYPE = "sample.conversation.ended";

/** A webhook event that no other has the bytes of. */
const webhook = (number: number, random: Random, type: string | number = SAMPLE_TYPE) => {
  const eventType = typeof type === "string" ? type : SAMPLE_TYPE; // as a world's event, it is told the stream
  const event = {
    webhookName: "w",
    webhookId: "1",
    eventType,
    conversationId: `c-${number}`,
    nonce: random.next(),
  };
  return { way: "webhook" as Way, eventType, event };
};

/** Down from `from` to `to` in one way, well before and after. */
const outage =
  (from: number, to: number, how: Behaviour): Script =>
  ({ elapsed }) =>
    elapsed >= from && elapsed < to ? how : WELL;

/** Takes so many requests in any such span, and refuses what is beyond. */
function atMost(count: number, milliseconds: number): Script {
  const lately: number[] = [];
  return ({ elapsed }) => {
    while (lately[0] !== undefined && lately[0] <= elapsed - milliseconds) lately.shift();
    if (lately.length >= count) return { status: 429 };
    lately.push(elapsed);
    return WELL;
  };
}

const poisson = (perSecond: number, from: number, to: number): Arrivals => ({
  kind: "poisson",
  perSecond,
  from,
  to,
});

/** All delivered, nothing left anywhere. */
const allDelivered: Scenario["expect"] = ({ acknowledged, delivered, deadLettered, waiting, stored }) =>
  delivered === acknowledged
    ? []
    : [
        `${acknowledged - delivered} of ${acknowledged} not delivered: ${deadLettered} dead letters, ${waiting} waiting, ${stored} in the bucket`,
      ];

/** The same, and the destination had none of them twice. */
const deliveredOnce: Scenario["expect"] = (judgement) => [
  ...allDelivered(judgement),
  ...(judgement.duplicates === 0 ? [] : [`${judgement.duplicates} duplicates`]),
];

/** Genesys never had to try again. */
const nothingRefused: Scenario["expect"] = ({ refused }) =>
  refused === 0 ? [] : [`${refused} genuine requests were refused`];

/** Forty webhooks, each sent three times within its retry span and once more ten minutes later. */
function repeated(random: Random, faults: number): World {
  const times = Array.from({ length: 40 }, () => {
    const at = random.between(0, 10 * MINUTE);
    return [at, at + random.between(5, 50) * SECOND, at + random.between(55, 100) * SECOND, at + 10 * MINUTE];
  });
  const sent = times
    .flatMap((each, number) => each.map((at) => ({ at, number })))
    .sort((a, b) => a.at - b.at);
  return {
    milliseconds: 6 * HOUR,
    arrivals: sent.map(({ at }) => ({ kind: "burst", count: 1, at })),
    event: (number) => ({
      way: "webhook",
      eventType: "t",
      event: { webhookName: "w", eventType: "t", of: sent[number]?.number },
    }),
    destination: () => WELL,
    faults: everything(faults),
  };
}

/**
 * Thirty webhooks that a person's stop holds up, each sent again within its retry span; the same bytes come a third time as
 * an event of their own, so soon after the second that it might be its repetition.
 */
function chained(random: Random): World {
  const arrivals = Array.from({ length: 30 }, () => random.between(2, 10) * MINUTE).flatMap(
    (at): Arrivals[] =>
      [0, random.between(60, 85), random.between(130, 160)].map((seconds) => ({
        kind: "burst",
        count: 1,
        at: at + seconds * SECOND,
      })),
  );
  return {
    milliseconds: HOUR,
    arrivals,
    event: (_number, _random, stream) => ({
      way: "webhook",
      eventType: "t",
      event: { webhookName: "w", eventType: "t", of: Math.floor(stream / 3) },
    }),
    destination: () => WELL,
    acts: [
      { at: MINUTE, act: (operator) => operator.openBreaker() },
      { at: 20 * MINUTE, act: (operator) => operator.closeBreaker() },
    ],
  };
}

/** Thirty webhooks, each delivered just before a person stops deliveries for two days, and sent again just after. */
function repeatedIntoAStop(random: Random): World {
  const stops = 10 * MINUTE;
  const resumes = stops + 50 * HOUR;
  const first = Array.from({ length: 30 }, () => stops - random.between(15, 40) * SECOND);
  const arrivals = first.flatMap((at): Arrivals[] => [
    { kind: "burst", count: 1, at },
    { kind: "burst", count: 1, at: at + 110 * SECOND },
  ]);
  return {
    milliseconds: 60 * HOUR,
    arrivals,
    event: (_number, _random, stream) => ({
      way: "webhook",
      eventType: "t",
      event: { webhookName: "w", eventType: "t", of: Math.floor(stream / 2) },
    }),
    destination: () => WELL,
    acts: [
      { at: stops, act: (operator) => operator.openBreaker() },
      { at: resumes, act: (operator) => operator.closeBreaker() },
    ],
  };
}

/** What was not delivered is exhausted, and waits nowhere any more. */
const badEndExhausted: Scenario["expect"] = ({
  acknowledged,
  delivered,
  deadLettersByClass: { exhausted = 0 },
}) =>
  exhausted > 0 && exhausted >= acknowledged - delivered
    ? []
    : [`${exhausted} of ${acknowledged - delivered} that were not delivered are exhausted dead letters`];

/** Delivered, or with a person and a reason; nothing is left that recovery has to bring back. */
const allSettled: Scenario["expect"] = ({
  waiting,
  stored,
  deadLettersByClass: { exhausted = 0, moved = 0 },
}) =>
  waiting + stored + exhausted + moved === 0
    ? []
    : [
        `${waiting} still wait, ${stored} are in the bucket, ${exhausted} exhausted and ${moved} moved by SQS are left`,
      ];

/** The events of one type fail in one way; a few of another, which are well, come all the time. */
function badAmongGood(
  perSecond: number,
  forMilliseconds: number,
  how: Behaviour,
  more: Partial<World> = {},
): World {
  return {
    milliseconds: forMilliseconds + 3 * HOUR,
    arrivals: [
      poisson(perSecond, 0, forMilliseconds),
      poisson(perSecond / 20, 0, forMilliseconds + 3 * HOUR),
    ],
    event: (number, random, stream) => webhook(number, random, stream === 0 ? "bad.type" : "good.type"),
    destination: ({ eventType }) => (eventType === "bad.type" ? how : WELL),
    ...more,
  };
}

/** A fault plan that meets everything now and then. */
const everything = (rate: number): FaultPlan => ({ rate });

/** A world in which events come for a while, and time is left for all of them to be delivered. */
function traffic(perSecond: number, forMilliseconds: number, more: Partial<World> = {}): World {
  return {
    milliseconds: forMilliseconds + 3 * HOUR,
    arrivals: [poisson(perSecond, 0, forMilliseconds)],
    event: webhook,
    destination: () => WELL,
    ...more,
  };
}

/** Down for so long, thirty events an hour, and time enough for all of them afterwards. */
function longOutage(milliseconds: number): World {
  return {
    milliseconds: milliseconds + 2 * DAY,
    arrivals: [poisson(1 / 600, 0, milliseconds)],
    event: webhook,
    destination: outage(HOUR, milliseconds, { status: 503 }),
  };
}

/** Permanent dead letters of another time, and a thousand events that this one leaves as exhausted ones. */
function aThousandAmong(others: number, milliseconds: number): World {
  return {
    milliseconds,
    arrivals: [poisson(0.1, 0, milliseconds - 2 * MINUTE)],
    event: webhook,
    destination: () => WELL,
    acts: [
      { at: MINUTE, act: (operator) => operator.leaveDeadLetters(others) },
      { at: 61 * SECOND, act: (operator) => operator.leaveDeadLetters(1_000, "exhausted") },
    ],
  };
}

const theThousandToo: Scenario["expect"] = (judgement) => [
  ...allDelivered(judgement),
  ...(judgement.deadLettersByClass["exhausted"] === undefined
    ? []
    : [`${judgement.deadLettersByClass["exhausted"]} exhausted dead letters are left`]),
  ...(judgement.requests >= judgement.acknowledged + 1_000
    ? []
    : [`The destination has seen ${judgement.requests} requests`]),
];

/**
 * What the pipeline is tried against. Each is run under many seeds; a failure names its seed, and
 * `npm run simulate -- --scenario NAME --seed N --trace` shows it event by event.
 */
export const scenarios: readonly Scenario[] = [
  {
    name: "fair-weather",
    shows: "Without faults everything is delivered, once, within seconds.",
    seeds: 2,
    world: () => traffic(10, 5 * MINUTE),
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.duplicates > judgement.acknowledged / 1_000
        ? [`${judgement.duplicates} duplicates`]
        : []),
      ...(judgement.delaySeconds.p95 > 5 ? [`95 % took up to ${judgement.delaySeconds.p95} s`] : []),
    ],
  },
  {
    name: "faults-everywhere",
    shows: "Kills, dropped answers, failures, throttles, delays and hangs of every call of AWS lose nothing.",
    seeds: 90,
    world: (random) =>
      traffic(random.between(0.5, 4), 2 * MINUTE, {
        milliseconds: 6 * HOUR,
        faults: everything(random.between(0.002, 0.05)),
        skewMilliseconds: random.pick([0, 500, 5_000]),
      }),
    expect: allSettled,
  },
  {
    name: "flaky-destination",
    shows: "A destination that fails one request in five, in every way, gets everything.",
    seeds: 16,
    world: (random) =>
      traffic(3, 2 * MINUTE, {
        milliseconds: 8 * HOUR,
        destination: (_, chance) =>
          chance.chance(0.8)
            ? WELL
            : chance.pick<Behaviour>([
                { status: 500 },
                { status: 503, retryAfter: "5" },
                { status: 429, retryAfter: "2" },
                { reset: true },
                { reset: true, taken: true },
                { status: 200, milliseconds: 15_000 },
                { hang: true },
              ]),
        faults: everything(random.between(0, 0.005)),
      }),
    expect: () => [],
  },
  {
    name: "outage-of-an-hour",
    shows: "An hour of 503 dead-letters nothing, and everything is delivered afterwards.",
    seeds: 4,
    world: () =>
      traffic(0.3, 80 * MINUTE, { destination: outage(10 * MINUTE, 70 * MINUTE, { status: 503 }) }),
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.requests <= judgement.acknowledged * 1.5
        ? []
        : [`The destination was asked ${judgement.requests} times while it was down`]),
    ],
  },
  {
    name: "outage-with-faults",
    shows: "The same while calls of AWS fail as well, two recoveries run and clocks disagree.",
    seeds: 30,
    world: (random) =>
      traffic(random.between(0.05, 0.25), 50 * MINUTE, {
        milliseconds: 8 * HOUR,
        destination: outage(
          10 * MINUTE,
          40 * MINUTE,
          random.pick<Behaviour>([{ status: 503 }, { reset: true }, { hang: true }]),
        ),
        faults: everything(random.between(0.001, 0.02)),
        skewMilliseconds: 2_000,
        acts: [1, 2, 3, 4].map((each) => ({
          at: random.between(10 * MINUTE, 60 * MINUTE) + each,
          act: (operator) => operator.runRecovery(),
        })),
      }),
    expect: allSettled,
  },
  {
    name: "queue-gone-for-ten-minutes",
    shows: "While SQS refuses, events are spilled, and come back.",
    seeds: 3,
    world: () =>
      traffic(2, 20 * MINUTE, {
        faults: { rate: 0, outages: [{ service: "sqs", from: 5 * MINUTE, to: 15 * MINUTE, how: "refuse" }] },
      }),
    expect: allDelivered,
  },
  {
    name: "queue-hangs-for-ten-minutes",
    shows:
      "While SQS answers nothing, events go to the bucket, after a few that have waited for it, and come back.",
    seeds: 2,
    world: () =>
      traffic(2, 20 * MINUTE, {
        faults: { rate: 0, outages: [{ service: "sqs", from: 5 * MINUTE, to: 15 * MINUTE, how: "hang" }] },
      }),
    expect: allDelivered,
  },
  {
    name: "partner-events",
    shows: "Events of Genesys' EventBridge integration come through no API, and are delivered all the same.",
    seeds: 6,
    settings: { sources: { eventbridge: { partnerEventSource: PARTNER_EVENT_SOURCE } } },
    world: (random) =>
      traffic(1, 3 * MINUTE, {
        event: (number, chance) => ({ ...webhook(number, chance, "v2.conversations"), way: "eventbridge" }),
        faults: everything(random.between(0, 0.02)),
      }),
    expect: allSettled,
  },
  {
    name: "alternating",
    shows: "A destination that is well for a minute and down for a minute gets everything.",
    seeds: 4,
    world: () =>
      traffic(0.5, 20 * MINUTE, {
        destination: ({ elapsed }) => (Math.floor(elapsed / MINUTE) % 2 === 0 ? WELL : { status: 503 }),
      }),
    expect: ({ lost }) => (lost.length === 0 ? [] : ["lost"]),
  },
  {
    name: "queue-gone-for-an-hour",
    shows: "An hour without SQS, 100 events a second at its end: all back and delivered within ten minutes.",
    seeds: 1,
    world: () => ({
      milliseconds: 70 * MINUTE,
      arrivals: [poisson(100, 59 * MINUTE, HOUR)],
      event: webhook,
      destination: () => WELL,
      faults: { rate: 0, outages: [{ service: "sqs", from: 0, to: HOUR, how: "refuse" }] },
    }),
    expect: allDelivered,
  },
  {
    name: "some-are-refused",
    shows: "What the destination refuses becomes a dead letter with a true reason, under faults as well.",
    seeds: 20,
    world: (random) =>
      traffic(3, 2 * MINUTE, {
        event: (number, chance) => webhook(number, chance, chance.chance(0.2) ? "refused.type" : "good.type"),
        destination: ({ eventType }) => (eventType === "refused.type" ? { status: 422 } : WELL),
        faults: random.chance(0.7)
          ? everything(random.between(0, 0.03))
          : { rate: 0.3, kinds: ["fail", "throttle"], services: ["sqs"] },
      }),
    expect: (judgement) => [
      ...allSettled(judgement),
      ...(judgement.deadLettered > 0 ? [] : ["Nothing was dead-lettered"]),
    ],
  },
  {
    name: "redrives",
    shows: "Dead letters of an outage come back by themselves, each sent before it is deleted.",
    seeds: 16,
    settings: {
      queue: { maxReceiveCount: 2 },
      breaker: { failingEvents: 1_000 },
      backOff: { baseSeconds: 5, factor: 2, capSeconds: 10 },
      recovery: { maxRedrives: 100 },
    },
    world: (random) =>
      traffic(2, 15 * MINUTE, {
        event: (number, chance) => webhook(number, chance, chance.chance(0.3) ? "bad.type" : "good.type"),
        destination: (request, chance) =>
          request.eventType === "bad.type" ? outage(0, 10 * MINUTE, { status: 500 })(request, chance) : WELL,
        faults: everything(random.between(0, 0.03)),
      }),
    expect: allSettled,
  },
  {
    name: "redrives-by-requeue",
    shows: "An event that an open breaker defers on its last receive goes back to the queue, whatever fails.",
    seeds: 8,
    settings: { queue: { maxReceiveCount: 1 }, recovery: { maxRedrives: 100 } },
    world: () =>
      traffic(1, 5 * MINUTE, {
        milliseconds: 6 * HOUR,
        destination: outage(MINUTE, 20 * MINUTE, { status: 503 }),
        faults: { rate: 0.2, kinds: ["fail", "throttle"], services: ["sqs"] },
      }),
    expect: allSettled,
  },
  {
    name: "spills-under-faults",
    shows: "Spilled events come back, each sent before its object is deleted, whatever is killed.",
    seeds: 12,
    world: () =>
      traffic(1, 5 * MINUTE, {
        milliseconds: 6 * HOUR,
        faults: {
          rate: 0.05,
          outages: [{ service: "sqs", from: MINUTE, to: 4 * MINUTE, how: "refuse" }],
        },
      }),
    expect: allSettled,
  },
  {
    name: "stored-twice",
    shows:
      "An event whose confirmation got lost is stored again, elsewhere, and delivered once all the same.",
    seeds: 6,
    world: () => traffic(1, 5 * MINUTE, { faults: { rate: 0.15, kinds: ["drop"], services: ["sqs"] } }),
    expect: ({ acknowledged, duplicates }) =>
      duplicates <= acknowledged / 50 ? [] : [`${duplicates} duplicates of ${acknowledged}`],
  },
  {
    name: "received-once",
    shows: "Without suppression too, an event is delivered once where nothing goes wrong.",
    seeds: 2,
    settings: { idempotency: { windowSeconds: 0 } },
    world: () => traffic(10, 2 * MINUTE),
    expect: ({ acknowledged, duplicates }) =>
      duplicates <= acknowledged / 200 ? [] : [`${duplicates} duplicates of ${acknowledged}`],
  },
  {
    name: "crashes",
    shows:
      "A processor that is killed again and again: SQS moves what it has received too often, and it comes back.",
    seeds: 8,
    world: () =>
      traffic(1, 3 * MINUTE, {
        milliseconds: 12 * HOUR,
        faults: { rate: 0.12, kinds: ["kill-before", "kill-after"], services: ["dynamodb"] },
      }),
    expect: allSettled,
  },
  {
    name: "never-succeeds",
    shows:
      "What never succeeds while others do is left for a person after its redrives, with as many attempts as were made.",
    seeds: 4,
    settings: {
      queue: { maxReceiveCount: 3 },
      breaker: { failingEvents: 1_000 },
      backOff: { baseSeconds: 5, factor: 2, capSeconds: 10 },
      recovery: { maxRedrives: 2 },
    },
    world: () => badAmongGood(1, 2 * MINUTE, { status: 500 }),
    expect: (judgement) => [...badEndExhausted(judgement), ...judgement.attemptsWrong],
  },
  {
    name: "queue-and-bucket-gone",
    shows: "Where neither queue nor bucket takes an event, it is not acknowledged.",
    seeds: 6,
    world: () =>
      traffic(2, 4 * MINUTE, {
        faults: {
          rate: 0,
          outages: (["sqs", "s3"] as const).map((service) => ({
            service,
            from: MINUTE,
            to: 3 * MINUTE,
            how: "refuse" as const,
          })),
        },
      }),
    expect: allDelivered,
  },
  {
    name: "too-big-for-the-queue",
    shows: "Events beyond the queue's size go by the bucket, and arrive byte for byte, under faults as well.",
    seeds: 6,
    world: (random) =>
      traffic(0.2, 3 * MINUTE, {
        event: (number, chance) => {
          const { event, ...rest } = webhook(number, chance);
          return { ...rest, event: { ...event, transcript: "x".repeat(300_000) } };
        },
        faults: everything(random.between(0, 0.02)),
      }),
    expect: allSettled,
  },
  {
    name: "as-the-local-run",
    shows:
      "The same inputs as a proof with real processes: __tests__/proofs/twins.test.ts compares the outcomes.",
    seeds: 2,
    settings: twinSettings,
    world: () => ({
      milliseconds: HOUR,
      arrivals: [{ kind: "burst", count: TWIN_EVENTS, at: SECOND }],
      event: (number) => ({ way: "webhook", eventType: twinType(number), event: twinEvent(number) }),
      destination: ({ eventType = "" }) => ({ status: twinStatus(eventType) }),
    }),
    expect: () => [],
  },
  {
    name: "operator",
    shows: "Whatever an operator does with breaker and mapping, at any moment, loses nothing.",
    seeds: 24,
    world: (random) => {
      const at = () => random.between(0, 40 * MINUTE);
      return traffic(0.2, 40 * MINUTE, {
        milliseconds: 6 * HOUR,
        faults: everything(0.002),
        destination: outage(10 * MINUTE, 20 * MINUTE, { status: 503 }),
        acts: [
          { at: at(), act: (operator) => operator.openBreaker() },
          { at: at(), act: (operator) => operator.closeBreaker() },
          { at: at(), act: (operator) => operator.moveDeadLetters() },
          { at: at(), act: (operator) => operator.emptyStateTable() },
          { at: at(), act: (operator) => operator.restoreStateTableAfter(10 * MINUTE) },
          { at: 41 * MINUTE, act: (operator) => operator.closeBreaker() },
        ],
      });
    },
    expect: () => [],
  },
  {
    name: "quiet-days",
    shows: "72 quiet hours with an event an hour.",
    seeds: 2,
    world: () => ({
      milliseconds: 3 * DAY,
      arrivals: [poisson(1 / 3_600, 0, 3 * DAY - 2 * HOUR)],
      event: webhook,
      destination: () => WELL,
    }),
    expect: allDelivered,
  },
  {
    name: "a-day",
    shows: "A day's curve, with a short outage in the evening.",
    seeds: 1,
    world: () => ({
      milliseconds: DAY + 4 * HOUR,
      arrivals: [{ kind: "day", mostPerSecond: 0.15, from: 0, to: DAY }],
      event: webhook,
      destination: outage(19 * HOUR, 19.3 * HOUR, { status: 502 }),
    }),
    expect: allDelivered,
  },
  // What falls short today. A figure that gets worse fails the gate, and so does one that is met.
  {
    name: "outage-of-120-hours",
    shows: "Nothing is deleted by a retention, however long the outage.",
    seeds: 1,
    world: () => ({
      milliseconds: 8 * DAY,
      arrivals: [poisson(1 / 120, 0, 5 * DAY)],
      event: webhook,
      destination: outage(0, 5 * DAY, { status: 503 }),
    }),
    expect: allDelivered,
  },
  {
    name: "same-bytes-five-times",
    shows: "A, B, A, B, A within a minute as data actions: five events, five keys, five deliveries.",
    seeds: 4,
    settings: { sources: { "data-action": { authentication: { kind: "shared-secret" } } } },
    world: () => ({
      milliseconds: HOUR,
      arrivals: [{ kind: "poisson", perSecond: 0.2, from: 0, to: 30 * SECOND }],
      event: (number) => ({
        way: "data-action",
        eventType: "t",
        event: { topicName: "t", status: number % 2 === 0 ? "A" : "B" },
      }),
      destination: () => WELL,
    }),
    expect: deliveredOnce,
  },
  {
    name: "webhook-repeats",
    shows:
      "A webhook's bytes again within two minutes are one event, under one key; ten minutes later they are another.",
    seeds: 12,
    world: (random) => repeated(random, random.pick([0, 0.01])),
    expect: allDelivered,
  },
  {
    name: "webhook-repeats-in-a-backlog",
    shows: "The same where all copies wait behind an outage and are delivered at once, by many processors.",
    seeds: 8,
    settings: { processor: { batchSize: 1, batchConcurrency: 1 } },
    world: (random) => ({
      ...repeated(random, 0),
      milliseconds: 3 * HOUR,
      destination: outage(0, 30 * MINUTE, { status: 503 }),
    }),
    expect: deliveredOnce,
  },
  {
    name: "webhook-repeats-after-the-window",
    shows:
      "The same where a copy waits until the first is no longer remembered: it comes again, under its key.",
    seeds: 4,
    world: repeatedIntoAStop,
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.duplicates > 0 ? [] : ["No copy has waited for so long"]),
    ],
  },
  {
    name: "webhook-repeats-in-a-chain",
    shows:
      "What comes after the span of the first is another event, in whatever order all of them are processed.",
    seeds: 8,
    world: chained,
    expect: deliveredOnce,
  },
  {
    name: "webhook-repeats-in-a-row",
    shows: "The same bytes every quarter of a minute, for an hour: every two minutes they are another event.",
    seeds: 2,
    world: (random) => ({
      ...chained(random),
      milliseconds: 3 * HOUR,
      arrivals: Array.from({ length: 240 }, (_, index) => ({
        kind: "burst" as const,
        count: 1,
        at: 2 * MINUTE + index * 15 * SECOND + random.between(0, 10) * SECOND,
      })),
      event: () => ({ way: "webhook", eventType: "t", event: { webhookName: "w", eventType: "t" } }),
      acts: [
        { at: MINUTE, act: (operator) => operator.openBreaker() },
        { at: 70 * MINUTE, act: (operator) => operator.closeBreaker() },
      ],
    }),
    expect: deliveredOnce,
  },
  {
    name: "same-id-other-bytes",
    shows: "Events whose configured id is not unique are all delivered, each under a key of its own.",
    seeds: 8,
    settings: {
      sources: { webhook: { authentication: { kind: "signature" }, dedupePath: "conversationId" } },
    },
    world: (random) =>
      traffic(1, 2 * MINUTE, {
        event: (number, chance) => webhook(Math.floor(number / 3), chance),
        faults: everything(random.pick([0, 0.02])),
      }),
    expect: allSettled,
  },
  {
    name: "state-table-emptied",
    shows: "A state table that is emptied while the breaker is open: deliveries resume all the same.",
    seeds: 2,
    world: () =>
      traffic(0.3, 40 * MINUTE, {
        destination: outage(10 * MINUTE, 30 * MINUTE, { status: 503 }),
        acts: [{ at: 20 * MINUTE, act: (operator) => operator.emptyStateTable() }],
      }),
    expect: allDelivered,
  },
  {
    name: "backlog-under-faults",
    shows:
      "A backlog of which invocations take more and more themselves: nothing is lost, whatever is killed, refused or late.",
    seeds: 8,
    settings: { processor: { maximumConcurrency: 2 } },
    world: () => ({
      ...traffic(20, MINUTE, { faults: { rate: 0.01 } }),
      // Nothing is polled before all of them are there.
      acts: [
        { at: 0, act: (operator) => operator.breakMapping("Lambda cannot poll.") },
        { at: 2 * MINUTE, act: (operator) => operator.breakMapping(undefined) },
      ],
    }),
    expect: allDelivered,
  },
  {
    name: "attempts-under-faults",
    shows:
      "A dead letter's attempts are the requests that the destination has seen, whatever was killed or deferred.",
    seeds: 8,
    world: () => badAmongGood(1, 2 * MINUTE, { status: 422 }, { faults: everything(0.03) }),
    expect: ({ attemptsWrong }) => attemptsWrong,
  },
  {
    name: "credentials-refused",
    shows:
      "401 for half an hour is an outage: nothing is dead-lettered, and deliveries resume by themselves.",
    seeds: 2,
    world: () => traffic(0.3, HOUR, { destination: outage(10 * MINUTE, 40 * MINUTE, { status: 401 }) }),
    expect: allDelivered,
  },
  {
    name: "rate-limited",
    shows: "A destination that takes few at a time, and says 429 with Retry-After, gets everything.",
    seeds: 2,
    world: () =>
      traffic(2, 5 * MINUTE, {
        destination: ({ underWay }) =>
          underWay > 3 ? { status: 429, retryAfter: "3" } : { status: 200, milliseconds: 800 },
      }),
    expect: allDelivered,
  },
  {
    name: "four-events-an-hour",
    shows: "Four events an hour through an eight-hour outage: all delivered, none left for a person.",
    seeds: 4,
    world: () => ({
      milliseconds: 14 * HOUR,
      arrivals: [poisson(4 / 3_600, 0, 8 * HOUR)],
      event: webhook,
      destination: outage(0, 8 * HOUR, { status: 503 }),
    }),
    expect: allDelivered,
  },
  {
    name: "five-percent-well",
    shows:
      "A destination that takes one request in twenty: attempts go on at a bounded rate, nothing is dead-lettered.",
    seeds: 1,
    world: () =>
      traffic(0.2, 30 * MINUTE, {
        milliseconds: 24 * HOUR,
        destination: (_, chance) => (chance.chance(0.05) ? WELL : { status: 503 }),
      }),
    expect: allDelivered,
  },
  {
    name: "one-type-fails",
    shows: "26 % of one type's events answered 500: 95 % of the good ones within a minute.",
    seeds: 2,
    world: () => ({
      milliseconds: 6 * HOUR,
      arrivals: [poisson(5, 0, 4 * MINUTE), poisson(1 / 60, 0, 6 * HOUR)],
      event: (number, random, stream) =>
        webhook(number, random, stream === 0 && random.chance(0.26) ? "bad.type" : "good.type"),
      destination: ({ eventType }) => (eventType === "bad.type" ? { status: 500 } : WELL),
    }),
    expect: (judgement) => [
      ...(judgement.delaySeconds.longest <= 60
        ? []
        : [`Good events took up to ${judgement.delaySeconds.longest} s`]),
      ...badEndExhausted(judgement),
    ],
  },
  {
    name: "every-answer-302-404-403",
    shows: "302, then 404, then 403 for twenty minutes each: an outage, and no dead letter.",
    seeds: 2,
    world: () => ({
      milliseconds: 6 * HOUR,
      arrivals: [poisson(0.5, 0, HOUR)],
      event: webhook,
      destination: ({ elapsed }) =>
        elapsed < 20 * MINUTE
          ? { status: 302 }
          : elapsed < 40 * MINUTE
            ? { status: 404 }
            : elapsed < HOUR
              ? { status: 403 }
              : WELL,
    }),
    expect: allDelivered,
  },
  {
    name: "post-only",
    shows: "A destination that answers HEAD with 501, after an outage of POST: deliveries resume.",
    seeds: 3,
    world: (random) => {
      const head = random.pick<Behaviour>([
        { status: 501 },
        { status: 403 },
        { hang: true },
        { reset: true },
      ]);
      return traffic(0.5, 30 * MINUTE, {
        destination: (request, chance) =>
          request.method === "HEAD"
            ? head
            : outage(10 * MINUTE, 20 * MINUTE, { status: 503 })(request, chance),
      });
    },
    expect: allDelivered,
  },
  {
    name: "mapping-disabled-by-hand",
    shows:
      "A mapping that a person switched off: somebody is notified within the configured age plus three minutes.",
    seeds: 2,
    world: () =>
      traffic(0.2, 2 * HOUR, {
        acts: [{ at: 10 * MINUTE, act: (operator) => operator.switchMapping(false) }],
      }),
    expect: ({ longestSilenceMinutes }) =>
      longestSilenceMinutes <= 3 ? [] : [`Nobody was notified for ${longestSilenceMinutes} minutes`],
  },
  {
    name: "dead-letters-left-alone",
    shows: "Hundreds of permanent dead letters wait for a person, and none expires in silence.",
    seeds: 1,
    world: () => ({
      milliseconds: 16 * DAY,
      arrivals: [{ kind: "burst", count: 300, at: MINUTE }],
      event: (number, random) => webhook(number, random, number % 3 === 0 ? "good.type" : "bad.type"),
      destination: ({ eventType }) => (eventType === "bad.type" ? { status: 422 } : WELL),
    }),
    expect: ({ deadLettered, delivered, acknowledged }) =>
      deadLettered + delivered === acknowledged
        ? []
        : [`${acknowledged - delivered - deadLettered} dead letters are gone`],
  },
  {
    name: "thirty-thousand-dead-letters",
    shows: "Dead letters that wait for a person cost recovery next to nothing.",
    seeds: 1,
    world: () => ({
      milliseconds: 20 * MINUTE,
      arrivals: [poisson(0.1, 0, 15 * MINUTE)],
      event: webhook,
      destination: () => WELL,
      acts: [{ at: 0, act: (operator) => operator.leaveDeadLetters(30_000) }],
    }),
    expect: ({ recoveryBusy }) =>
      recoveryBusy <= 0.2 ? [] : [`Recovery was at work for ${Math.round(recoveryBusy * 100)} % of the time`],
  },
  {
    name: "outage-of-30-days",
    shows:
      "Nothing is deleted by a retention, however long the outage: what waits is parked, and comes back. For a night.",
    seeds: 0,
    world: () => longOutage(30 * DAY),
    expect: allDelivered,
  },
  {
    name: "outage-of-100-days",
    shows: "The same for a hundred days: for a night, since it takes two minutes.",
    seeds: 0,
    world: () => longOutage(100 * DAY),
    expect: allDelivered,
  },
  {
    name: "forged-cold-starts",
    shows:
      "A hundred and fifty forged requests at once, each in a new environment, beside genuine ones: none of these is refused for want of reads from the parameter store.",
    seeds: 4,
    world: () => ({
      milliseconds: 20 * MINUTE,
      // Sooner than any environment has started: each has one of its own.
      forged: [poisson(3_000, MINUTE, MINUTE + 50)],
      arrivals: [poisson(400, MINUTE, MINUTE + 50), poisson(2, MINUTE, 3 * MINUTE)],
      event: webhook,
      destination: () => WELL,
    }),
    expect: (judgement) => [...deliveredOnce(judgement), ...nothingRefused(judgement)],
  },
  {
    name: "flood-of-one-source",
    shows:
      "Ten times as many data actions as their route takes, for two minutes: each webhook is taken at once.",
    seeds: 1,
    settings: {
      sources: {
        webhook: { authentication: { kind: "signature" } },
        "data-action": {
          authentication: { kind: "shared-secret" },
          throttling: { ratePerSecond: 5, burst: 10 },
        },
      },
      throttling: { ratePerSecond: 20, burst: 20 },
    },
    world: () => ({
      milliseconds: 20 * MINUTE,
      arrivals: [poisson(50, 0, 2 * MINUTE), poisson(3, 0, 2 * MINUTE)],
      event: (number, random, stream) =>
        stream === 1
          ? webhook(number, random)
          : { way: "data-action" as Way, eventType: "t", event: { topicName: "t", nonce: random.next() } },
      destination: () => WELL,
    }),
    expect: ({ refusedWays, ...judgement }) => [
      ...deliveredOnce({ refusedWays, ...judgement }),
      ...(refusedWays.includes("webhook") ? ["Webhooks were refused"] : []),
      ...(refusedWays.includes("data-action") ? [] : ["There was no flood"]),
    ],
  },
  {
    name: "outage-outlasts-retentions",
    shows:
      "Thirty retentions of a queue that keeps for two hours, under faults, with thousands that wait: all delivered.",
    seeds: 4,
    settings: {
      queue: { retentionSeconds: 7_200 },
      deadLetterQueue: { retentionSeconds: 14_400 },
      backOff: { capSeconds: 300, retryAfterCapSeconds: 600 },
      breaker: { probeCapSeconds: 300 },
    },
    world: (random) => ({
      milliseconds: 3 * DAY,
      arrivals: [poisson(0.02, 0, 60 * HOUR)],
      event: webhook,
      destination: outage(HOUR, 60 * HOUR, { status: 503 }),
      faults: everything(random.between(0, 0.01)),
    }),
    expect: allSettled,
  },
  {
    name: "mapping-forgotten",
    shows: "A mapping that a person switched off and forgot for twelve days: nothing is deleted meanwhile.",
    seeds: 1,
    world: () => ({
      milliseconds: 14 * DAY,
      arrivals: [poisson(1 / 600, 0, 12 * DAY)],
      event: webhook,
      destination: () => WELL,
      acts: [
        { at: HOUR, act: (operator) => operator.switchMapping(false) },
        { at: 12 * DAY, act: (operator) => operator.switchMapping(true) },
      ],
    }),
    expect: allDelivered,
  },
  {
    name: "slow-destination",
    shows:
      "More events than the destination takes, for three hours, on a queue that keeps for two: all are delivered in the end.",
    seeds: 1,
    settings: {
      queue: { retentionSeconds: 7_200 },
      deadLetterQueue: { retentionSeconds: 86_400 },
      backOff: { capSeconds: 300, retryAfterCapSeconds: 600 },
      processor: { maximumConcurrency: 2, batchSize: 1, batchConcurrency: 1 },
    },
    world: () => ({
      milliseconds: 12 * HOUR,
      arrivals: [poisson(0.6, 0, 3 * HOUR)],
      event: webhook,
      destination: () => ({ status: 200, milliseconds: 8_000 }),
    }),
    expect: allDelivered,
  },
  {
    name: "deliveries-per-second",
    shows:
      "A destination that takes twenty a second, and answers 429 to a tenth more, has a backlog of six thousand at nine tenths of its pace, and never says so.",
    seeds: 2,
    settings: { processor: { deliveriesPerSecond: 20, maximumConcurrency: 4 } },
    world: () => ({
      milliseconds: 6_000 * (SECOND / 20 / 0.9) + 10 * SECOND,
      arrivals: [{ kind: "burst", count: 6_000, at: 0 }],
      event: webhook,
      destination: atMost(22 * 10, 10 * SECOND),
    }),
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.requests === judgement.acknowledged
        ? []
        : [`${judgement.requests} requests for ${judgement.acknowledged} events`]),
    ],
  },
  {
    name: "a-thousand-among-others",
    shows: "A thousand exhausted dead letters among thirty thousand permanent ones come back in a few runs.",
    seeds: 1,
    settings: { recovery: { redrivesPerSecond: 500 } },
    world: () => aThousandAmong(30_000, 5 * MINUTE),
    expect: theThousandToo,
  },
  {
    name: "a-thousand-among-a-million",
    shows: "The same among a million, for a night.",
    seeds: 0,
    settings: { recovery: { redrivesPerSecond: 500 } },
    world: () => aThousandAmong(1_000_000, 20 * MINUTE),
    expect: theThousandToo,
  },
  {
    name: "ten-environments-of-four",
    shows: "Ten environments with four events each while the destination is down: none dead-lettered.",
    seeds: 4,
    settings: { processor: { batchSize: 4, batchConcurrency: 4 } },
    world: () => ({
      milliseconds: 10 * HOUR,
      arrivals: [{ kind: "burst", count: 40, at: MINUTE }],
      event: webhook,
      destination: outage(0, 4 * HOUR, { status: 503 }),
    }),
    expect: allDelivered,
  },
  {
    name: "eight-events-thirty-seconds",
    shows: "Eight events in an outage of half a minute: none dead-lettered, all delivered within minutes.",
    seeds: 2,
    world: () => ({
      milliseconds: HOUR,
      arrivals: [{ kind: "burst", count: 8, at: SECOND }],
      event: webhook,
      destination: outage(0, 30 * SECOND, { status: 503 }),
    }),
    expect: allDelivered,
  },
  {
    name: "all-refused-alike",
    shows:
      "422 for every event for half an hour: the first few are dead letters, the rest is held and delivered.",
    seeds: 2,
    world: () => traffic(0.5, 40 * MINUTE, { destination: outage(5 * MINUTE, 35 * MINUTE, { status: 422 }) }),
    expect: ({ acknowledged, delivered, deadLettered }) => [
      ...(deadLettered <= 15 ? [] : [`${deadLettered} dead letters`]),
      ...(delivered + deadLettered === acknowledged
        ? []
        : [`${acknowledged - delivered - deadLettered} neither delivered nor with a person`]),
    ],
  },
  {
    name: "state-table-gone",
    shows: "A state table out of reach while the destination is down: nothing is dead-lettered for good.",
    seeds: 2,
    world: () =>
      traffic(0.2, 50 * MINUTE, {
        destination: outage(10 * MINUTE, 40 * MINUTE, { status: 503 }),
        faults: {
          rate: 0,
          outages: [{ service: "dynamodb", from: 9 * MINUTE, to: 45 * MINUTE, how: "refuse" }],
        },
      }),
    expect: allDelivered,
  },
  {
    name: "late-disable-call",
    shows: "The mapping is disabled by a call of ours that took effect late: it is enabled within two runs.",
    seeds: 2,
    world: () =>
      traffic(0.5, 20 * MINUTE, {
        destination: outage(MINUTE, 2.5 * MINUTE, { status: 503 }),
        acts: [{ at: 12 * MINUTE, act: (operator) => operator.switchMapping(false) }],
      }),
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.delaySeconds.longest <= 12 * 60
        ? []
        : [`${judgement.delaySeconds.longest} s until delivery`]),
    ],
  },
  {
    name: "aws-disables-the-mapping",
    shows: "What AWS itself leaves disabled is enabled within two runs.",
    seeds: 2,
    world: () =>
      traffic(0.5, 20 * MINUTE, {
        acts: [{ at: 10 * MINUTE, act: (operator) => operator.awsDisablesMapping() }],
      }),
    expect: (judgement) => [
      ...allDelivered(judgement),
      ...(judgement.delaySeconds.longest <= 180
        ? []
        : [`${judgement.delaySeconds.longest} s until delivery`]),
    ],
  },
  {
    name: "recovery-dies",
    shows: "Half of recovery's runs are killed: its lease costs no more than the run's own time.",
    seeds: 3,
    world: () =>
      traffic(0.3, 30 * MINUTE, {
        destination: outage(5 * MINUTE, 15 * MINUTE, { status: 503 }),
        faults: { rate: 0.3, kinds: ["kill-before", "kill-after"], services: ["s3", "lambda"] },
      }),
    expect: allDelivered,
  },
  {
    name: "half-fails",
    shows:
      "40 to 60 % of all requests fail by chance: nothing is dead-lettered for good, no breaker opens for long.",
    seeds: 1,
    world: (random) => {
      const share = random.between(0.4, 0.6);
      return traffic(10, 3 * MINUTE, {
        milliseconds: 8 * HOUR,
        destination: (_, chance) => (chance.chance(share) ? { status: 500 } : WELL),
      });
    },
    expect: allDelivered,
  },
  {
    name: "half-fails-at-a-thousand",
    shows:
      "The same at a thousand a second: too few back-offs are in flight to stop the queue. By name only.",
    seeds: 0,
    settings: { processor: { maximumConcurrency: 100, batchConcurrency: 10 } },
    world: () =>
      traffic(1_000, 4 * MINUTE, {
        milliseconds: 90 * MINUTE,
        destination: (_, chance) => (chance.chance(0.5) ? { status: 500 } : WELL),
      }),
    expect: ({ mostInFlight, deadLettered, acknowledged }) => [
      ...(mostInFlight < 90_000 ? [] : [`${mostInFlight} messages were in flight`]),
      ...(deadLettered <= acknowledged / 1_000
        ? []
        : [`${deadLettered} of ${acknowledged} are dead letters`]),
    ],
  },
  ...waitingScenarios,
  ...forecastScenarios,
  ...drainScenarios,
];

/** @throws {Error} where there is none of that name */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no scenario ${name}.`);
  return found;
}
