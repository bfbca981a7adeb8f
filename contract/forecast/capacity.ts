import { RESERVE, TAKES_MORE_SECONDS } from "../invocation-times.ts";
import type { ForecastSettings } from "./settings.ts";

/** How the destination behaves when it is well. */
export interface DestinationSpeed {
  /** From a request to its answer. */
  readonly latencySeconds: number;
  /** Deliveries a second that it takes at most. @default as many as come */
  readonly perSecond?: number;
}

/**
 * What a delivery takes beside the destination's own time: the way there and, of an event that comes alone, the state
 * table; a batch's events are locked ahead. With the pause between two batches of one invocation it is what the
 * simulation shows; AWS promises neither.
 */
const RECORD_SECONDS = { alone: 0.012, inBatch: 0.001 } as const;
/** The spread of that: of deliveries side by side, the batch waits for the slowest. */
const RECORD_SPREAD_SECONDS = 0.004;
/** A receive, and a look at the breaker's evidence at the end of a batch. */
const BATCH_SECONDS = 0.025;
/** SQS answers one receive in twenty with a part of what it has: as likely with one message as with all. */
const SPARSE_SHARE = 1 / 20;
/** A receive for a batch over 10 brings 10, and the next follows after so long. */
const MESSAGES_PER_RECEIVE = 10;
const NEXT_RECEIVE_SECONDS = 0.2;
/** Where one follows the other in each place, none waits for the slowest of a batch. */
const FLOW_SECONDS = 0.003;
/** Of the slowest: those that wait for their locks. */
const SLOWEST_SECONDS = 0.02;

/** Lambda's poller begins with so many invocations at once, and adds so many a minute. */
const START_CONCURRENCY = 5;
const MORE_A_MINUTE = 300;
/** It adds by the minute: the first addition comes after half of one on the average. */
const FIRST_ADDITION_SECONDS = 30;

export interface Capacity {
  /** Deliveries a second while events wait, all pollers at work. */
  readonly perSecond: number;
  /** What holds it there. */
  readonly by: "settings" | "pace" | "destination" | "timeout";
  /** Deliveries a second that the invocations would make if nothing else held them back. */
  readonly unboundPerSecond: number;
  /** Seconds that an invocation takes for a full batch. */
  readonly batchSeconds: number;
  /** Events in it. */
  readonly batchEvents: number;
}

/** How fast a backlog is delivered. */
export function capacityOf(settings: ForecastSettings, destination: DestinationSpeed): Capacity {
  const { latencySeconds, perSecond: taken = Number.POSITIVE_INFINITY } = destination;
  const batchEvents = batchEventsOf(settings);
  const side = Math.min(settings["processor.batchConcurrency"], batchEvents);
  const recordSeconds = latencySeconds + RECORD_SECONDS[batchEvents > 1 ? "inBatch" : "alone"];
  const rounds = Math.min(Math.ceil(batchEvents / side), roundsThatFit(settings, recordSeconds));
  const delivered = Math.min(batchEvents, rounds * side) * filled(batchEvents);
  const slowest = RECORD_SPREAD_SECONDS * Math.sqrt(rounds * 2 * Math.log(side));
  const batchSeconds = rounds * recordSeconds + slowest + BATCH_SECONDS + collectSeconds(batchEvents);
  const about = { batchSeconds, batchEvents };
  if (latencySeconds >= settings["destination.timeoutSeconds"])
    return { ...about, perSecond: 0, by: "timeout", unboundPerSecond: 0 };
  const flowing = flowOf(settings, latencySeconds, batchEvents);
  const perInvocation = flowing.seconds > batchSeconds ? flowing.perSecond : delivered / batchSeconds;
  const unboundPerSecond = settings["processor.maximumConcurrency"] * perInvocation;
  const pace = settings["processor.deliveriesPerSecond"] ?? Number.POSITIVE_INFINITY;
  const perSecond = Math.min(unboundPerSecond, pace, taken);
  const by = perSecond === unboundPerSecond ? "settings" : perSecond === pace ? "pace" : "destination";
  return { ...about, perSecond, by, unboundPerSecond };
}

/**
 * An invocation that takes more from the queue itself, as functions/processor/intake.ts has it: for how long, and how many
 * it delivers a second. Zero seconds where it takes none.
 */
function flowOf(
  settings: ForecastSettings,
  latencySeconds: number,
  batchEvents: number,
): { readonly seconds: number; readonly perSecond: number } {
  const isPaced = settings["processor.deliveriesPerSecond"] !== undefined;
  if (isPaced || batchEvents < MESSAGES_PER_RECEIVE) return { seconds: 0, perSecond: 0 };
  const side = settings["processor.batchConcurrency"];
  const inHand = Math.max(MESSAGES_PER_RECEIVE, side) + side + MESSAGES_PER_RECEIVE;
  const hasTime = lastStart(settings) - Math.ceil(inHand / side) * (latencySeconds + SLOWEST_SECONDS);
  const takes = Math.min(TAKES_MORE_SECONDS, hasTime);
  const recordSeconds = latencySeconds + FLOW_SECONDS;
  if (takes <= recordSeconds) return { seconds: 0, perSecond: 0 };
  const delivering = takes + (inHand / side) * recordSeconds;
  const seconds = delivering + recordSeconds + BATCH_SECONDS;
  return { seconds, perSecond: (side / recordSeconds) * (delivering / seconds) };
}

/** The same, so many seconds after the mapping was enabled: Lambda's pollers become more by the minute. */
export function capacityAfter(seconds: number, capacity: Capacity, settings: ForecastSettings): number {
  const most = settings["processor.maximumConcurrency"];
  const additions = Math.max(0, Math.floor((seconds - FIRST_ADDITION_SECONDS) / 60) + 1);
  const pollers = Math.min(most, START_CONCURRENCY + MORE_A_MINUTE * additions);
  return Math.min(capacity.perSecond, (capacity.unboundPerSecond * pollers) / most);
}

/** When pollers are added next, seconds after the mapping was enabled; undefined where all are there. */
export function nextAddition(seconds: number, settings: ForecastSettings): number | undefined {
  const additions = Math.max(0, Math.floor((seconds - FIRST_ADDITION_SECONDS) / 60) + 1);
  if (START_CONCURRENCY + MORE_A_MINUTE * additions >= settings["processor.maximumConcurrency"])
    return undefined;
  return FIRST_ADDITION_SECONDS + additions * 60;
}

function batchEventsOf(settings: ForecastSettings): number {
  const receives = 1 + Math.floor(settings["processor.batchWindowSeconds"] / NEXT_RECEIVE_SECONDS);
  return Math.min(settings["processor.batchSize"], receives * MESSAGES_PER_RECEIVE);
}

/** The share of a batch that a receive brings on the average. */
function filled(batchEvents: number): number {
  const wanted = Math.min(batchEvents, MESSAGES_PER_RECEIVE);
  return 1 - SPARSE_SHARE * (1 - (wanted + 1) / (2 * wanted));
}

function collectSeconds(batchEvents: number): number {
  return (Math.ceil(batchEvents / MESSAGES_PER_RECEIVE) - 1) * NEXT_RECEIVE_SECONDS;
}

/** No delivery begins that could not time out in time; one always does. */
function roundsThatFit(settings: ForecastSettings, recordSeconds: number): number {
  return Math.max(1, Math.floor(lastStart(settings) / recordSeconds) + 1);
}

/** Seconds into an invocation after which no delivery begins. */
function lastStart(settings: ForecastSettings): number {
  const total = settings["processor.timeoutSeconds"];
  const reserve = Math.min(RESERVE.seconds, total * RESERVE.share);
  return total - reserve - settings["destination.timeoutSeconds"];
}
