import { type Capacity, capacityAfter, nextAddition } from "./capacity.ts";
import type { ForecastSettings } from "./settings.ts";

/** A moment of the forecast. */
export interface Point {
  /** Seconds since the outage began. */
  readonly at: number;
  /** Events that wait on the queue. */
  readonly queue: number;
  /** Events that recovery has parked in the overflow bucket. */
  readonly bucket: number;
  /** Seconds that the oldest of them has waited. */
  readonly oldestSeconds: number;
}

export interface Flow {
  readonly settings: ForecastSettings;
  readonly capacity: Capacity;
  readonly ratePerSecond: number;
  readonly outageSeconds: number;
  readonly waitSeconds: number;
}

/** Recovery puts so many a second back on the queue at most: eight lanes of batches of ten. */
const BRINGS_BACK_PER_SECOND = 2_500;
/** Each of which comes back behind those that came later: functions/recovery/probe.ts */
const EVENTS_A_PROBE = 10;
/** So many events in a row that are not old end a look: functions/recovery/waiting.ts */
const YOUNG_THAT_END_A_LOOK = 240;
/** Recovery looks so often within half of a retention: functions/recovery/waiting.ts */
const LOOKS = 48;
/** Where a backlog is never gone: how much of it is shown, in outages. */
const SHOWN = 3;
const LEAST_SHOWN_SECONDS = 3_600;
const POINTS = 120;

/** When the backlog is gone, seconds after deliveries have begun again; undefined: never. */
export function drainSeconds(flow: Flow): number | undefined {
  const { settings, capacity, ratePerSecond } = flow;
  let left = backlogAtResume(flow);
  let at = 0;
  for (;;) {
    const net = effective(flow, capacityAfter(at, capacity, settings)) - ratePerSecond;
    const until = nextAddition(at, settings);
    if (net > 0 && (until === undefined || left / net <= until - at)) return at + left / net;
    if (until === undefined) return undefined;
    left -= net * (until - at);
    at = until;
  }
}

/** All that waits as deliveries begin again. */
export function backlogAtResume({ ratePerSecond, outageSeconds, waitSeconds }: Flow): number {
  return ratePerSecond * (outageSeconds + waitSeconds);
}

/**
 * What is parked by then: recovery moves what has waited for half of the queue's retention. With thin traffic all goes
 * at once: probes have put old events between the young ones, and a look that finds one goes on.
 */
export function parkedAt({ settings, ratePerSecond }: Flow, at: number): number {
  const half = settings["queue.retentionSeconds"] / 2;
  const between = (ratePerSecond * settings["breaker.probeCapSeconds"]) / EVENTS_A_PROBE;
  if (between > YOUNG_THAT_END_A_LOOK) return Math.max(0, ratePerSecond * (at - half));
  const period = half + half / (2 * LOOKS);
  return ratePerSecond * period * Math.floor(at / period);
}

/** Waiting events over time: until they are gone, or for long enough to see that they never are. */
export function timelineOf(flow: Flow): readonly Point[] {
  const resume = flow.outageSeconds + flow.waitSeconds;
  const drain = drainSeconds(flow);
  const end = resume + (drain ?? Math.max(LEAST_SHOWN_SECONDS, (SHOWN - 1) * resume));
  const before = times(0, resume, POINTS / 2).map((at) =>
    pointOf(at, flow.ratePerSecond * at, parkedAt(flow, at), at),
  );
  return [...before, ...after(flow, resume, end)];
}

/** What lies in the bucket comes back when the queue is nearly done: so the oldest events are among the last. */
function after(flow: Flow, resume: number, end: number): Point[] {
  const { settings, capacity, ratePerSecond } = flow;
  const parked = parkedAt(flow, resume);
  let left = backlogAtResume(flow);
  let last = resume;
  return times(resume, end, POINTS / 2)
    .slice(1)
    .map((at) => {
      for (let from = last; from < at; ) {
        const until = Math.min(
          at,
          resume + (nextAddition(from - resume, settings) ?? Number.POSITIVE_INFINITY),
        );
        const net = effective(flow, capacityAfter(from - resume, capacity, settings)) - ratePerSecond;
        left = Math.max(0, left - net * (until - from));
        from = until;
      }
      last = at;
      const bucket = Math.min(parked, left);
      // Nobody knows which event SQS hands out next: one of the first may be among the last.
      return pointOf(at, left, bucket, at >= end && left < 1 ? 0 : at);
    });
}

function pointOf(at: number, waiting: number, bucket: number, oldestSeconds: number): Point {
  return {
    at,
    queue: Math.max(0, waiting - bucket),
    bucket,
    oldestSeconds: waiting <= 0 ? 0 : oldestSeconds,
  };
}

/** A bucket that is emptied slower than events could be delivered holds them up. */
function effective(flow: Flow, perSecond: number): number {
  const parked = parkedAt(flow, flow.outageSeconds + flow.waitSeconds);
  return parked > 0 ? Math.min(perSecond, BRINGS_BACK_PER_SECOND + flow.ratePerSecond) : perSecond;
}

function times(from: number, to: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, at) => from + ((to - from) * at) / count);
}
