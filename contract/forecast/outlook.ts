import { defined } from "../defined.ts";
import { capacityOf, type DestinationSpeed } from "./capacity.ts";
import { type Limit, limitsOf } from "./limits.ts";
import { type Wait, waitAfter } from "./resume.ts";
import type { ForecastSettings } from "./settings.ts";
import { backlogAtResume, drainSeconds, type Flow, parkedAt } from "./timeline.ts";

/** What a forecast is asked for. */
export interface Question {
  readonly settings: ForecastSettings;
  /** Events that come, on the average, before, during and after the outage. */
  readonly ratePerSecond: number;
  readonly outageSeconds: number;
  /** As it is when it is well. */
  readonly destination: DestinationSpeed;
  readonly eventBytes: number;
  /** The share of events that the destination turns down for good, 0 to 1. */
  readonly refusedShare: number;
}

/** The figures of an outage that follow from each other. */
export interface Outlook {
  readonly flow: Flow;
  /** From the destination's return until deliveries go on. */
  readonly wait: Wait;
  /** Events that wait as deliveries go on: the most of all times, unless it is never gone. */
  readonly backlog: number;
  /** Of them, in the bucket. */
  readonly parked: number;
  /** How long the oldest event has waited then, and at most until it is delivered; the second is absent where it never may be. */
  readonly oldestSeconds: number;
  readonly longestWaitSeconds?: number;
  /** From the first delivery until nothing waits any more; absent: never. */
  readonly drainSeconds?: number;
  /** From the destination's return until then. */
  readonly recoverySeconds?: number;
  readonly limits: readonly Limit[];
}

/** @param waitSeconds until deliveries go on, where that is known: when the next probe comes is chance */
export function outlookOf(question: Question, waitSeconds?: number): Outlook {
  const { settings, ratePerSecond, outageSeconds, destination } = question;
  const capacity = capacityOf(settings, destination);
  const wait = waitAfter(settings, ratePerSecond, outageSeconds);
  const waits = waitSeconds ?? wait.typicalSeconds;
  const flow: Flow = { settings, capacity, ratePerSecond, outageSeconds, waitSeconds: waits };
  const resume = outageSeconds + waits;
  const drain = drainSeconds(flow);
  const gone = drain === undefined ? undefined : resume + drain;
  return {
    flow,
    wait,
    backlog: backlogAtResume(flow),
    parked: parkedAt(flow, resume),
    oldestSeconds: resume,
    ...defined({
      longestWaitSeconds: gone,
      drainSeconds: drain,
      recoverySeconds: drain === undefined ? undefined : waits + drain,
    }),
    limits: limitsOf(flow, gone),
  };
}
