import { processor as defaults } from "../contract/settings/processor.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";

/** Each call of AWS, as `npm run measure -- drain` has it. */
const CALL_MILLISECONDS = 5;
/** Invocations at once from the first minute on: Lambda's poller begins with five. */
const INVOCATIONS = 2;
const EVENTS = 4_000;
/** As many receivers at once as there are events. */
const ACCOUNT_CONCURRENCY = 10_000;
/** Until then nothing is polled, and all of them are on the queue: whom the receiver had no room for came again by then. */
const POLLED_FROM = 10_000;

/** How long a destination takes for one event, and the least share of what it takes that a backlog must reach. */
interface Drain {
  readonly name: string;
  readonly text: string;
  readonly mean: number;
  readonly milliseconds: (random: Random) => number;
  readonly share: number;
}

const drains: readonly Drain[] = [
  { name: "100-ms", text: "100 ms", mean: 100, milliseconds: () => 100, share: 0.9 },
  {
    name: "exponential-100-ms",
    text: "100 ms on the average, now and then much longer",
    mean: 100,
    milliseconds: (random) => random.exponential(100),
    share: 0.85,
  },
  { name: "10-ms", text: "10 ms", mean: 10, milliseconds: () => 10, share: 0.7 },
];

/**
 * A backlog, with the defaults. The poller's receives and deletions are part of it, and the 1 to 5 ms that an answer is on
 * its way; what the functions compute takes no time here. `npm run measure -- drain` has it the other way round.
 */
export const drainScenarios: readonly Scenario[] = drains.map((drain) => ({
  name: `drain-${drain.name}`,
  shows: `A destination that answers within ${drain.text} gets a backlog at ${Math.round(100 * drain.share)} % of its pace, or more.`,
  seeds: 1,
  settings: { processor: { maximumConcurrency: INVOCATIONS } },
  world: () => ({
    milliseconds: 2 * POLLED_FROM + (2_000 * idealSeconds(drain, EVENTS)) / drain.share,
    acts: [
      { at: 0, act: (operator) => operator.breakMapping("Lambda cannot poll.") },
      { at: POLLED_FROM, act: (operator) => operator.breakMapping(undefined) },
    ],
    accountConcurrency: ACCOUNT_CONCURRENCY,
    callMilliseconds: CALL_MILLISECONDS,
    arrivals: [0, 250, 500, 750].map((at) => ({ kind: "burst" as const, count: EVENTS / 4, at })),
    event: (number: number, random: Random) => ({
      way: "webhook" as const,
      eventType: "t",
      event: { webhookName: "w", eventType: "t", number, nonce: random.next() },
    }),
    destination: (_request, random) => ({ status: 200, milliseconds: drain.milliseconds(random) }),
  }),
  expect: ({ acknowledged, delivered, backlog }) => {
    const { atResume, resumedAt, goneAt } = backlog;
    const share = idealSeconds(drain, atResume) / ((goneAt ?? Number.POSITIVE_INFINITY) - resumedAt);
    return delivered === acknowledged && share >= drain.share
      ? []
      : [`${delivered} of ${acknowledged} delivered, at ${Math.round(100 * share)} %`];
  },
}));

/** With every place taken all the time. */
function idealSeconds({ mean }: Drain, events: number): number {
  return (events * mean) / (INVOCATIONS * defaults.batchConcurrency.def.defaultValue) / 1_000;
}
