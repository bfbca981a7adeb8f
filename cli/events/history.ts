import type { EventIdentity, Step } from "./step.ts";

/**
 * Where an event is, as far as the log tells.
 *
 * `waiting`: on the queue. `spilled`, `parked`: in the overflow bucket. `dead`: a dead letter, on its queue or parked.
 * `delivered`; `duplicate`: the same bytes had been delivered before, under another event's id or before the range.
 */
export const outcomes = ["waiting", "spilled", "parked", "delivered", "duplicate", "dead"] as const;
export type Outcome = (typeof outcomes)[number];

/** What happens next to an event. */
export interface Next {
  /**
   * - `attempt`: the processor tries it. `probe`: the breaker is open, and recovery tries a few events.
   * - `recovery`: it brings the event back from the bucket or from the dead letters, within minutes.
   * - `person`: nothing, until somebody does something. `nothing`: it is over.
   */
  readonly what: "attempt" | "probe" | "recovery" | "person" | "nothing";
  /** ISO 8601, UTC; in the past: it is due, and comes as soon as somebody takes it. Absent: nobody knows. */
  readonly at?: string;
  /** One sentence for a person. */
  readonly sentence: string;
}

/** An event's way, from the log alone. */
export interface EventHistory {
  readonly event: EventIdentity;
  /** Oldest first, bounded: see {@link omitted}. */
  readonly steps: readonly Step[];
  /** Steps in the middle that were left out, because there are so many. */
  readonly omitted: number;
  readonly outcome: Outcome;
  /** Attempts so far. */
  readonly attempts: number;
  /** The last attempt's. */
  readonly status?: number;
  readonly reason?: string;
  readonly redrives: number;
  /** Of the last step: ISO 8601, UTC. */
  readonly lastAt: string;
  readonly next: Next;
}
