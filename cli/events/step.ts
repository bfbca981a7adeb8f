import type { FunctionName } from "../../contract/environment.ts";
import type { DeferReason } from "../../contract/log-fields.ts";

/**
 * What happened to an event.
 *
 * - `accepted`: durable on the queue, and acknowledged. `spilled`: the same, in the overflow bucket.
 * - `delivered`, `failed`: an attempt, and how it ended. `duplicate`: delivered before, not sent again.
 * - `deferred`: no attempt, for one of {@link DeferReason}.
 * - `dead`: it became a dead letter. `redriven`: the dead letter is back on the main queue.
 * - `parked`, `brought-back`: moved to the overflow bucket before its queue would have deleted it, and back.
 * - `requeued`: a spilled one has reached its queue.
 * - `told`: something that a person should know, and that changes nothing: another integration's, a possible replay.
 */
export const stepKinds = [
  "accepted",
  "spilled",
  "requeued",
  "deferred",
  "failed",
  "delivered",
  "duplicate",
  "dead",
  "redriven",
  "parked",
  "brought-back",
  "told",
] as const;
export type StepKind = (typeof stepKinds)[number];

/** By whom a dead letter was redriven. `unknown`: by a person or another tool, and nobody wrote down which. */
export type RedrivenBy = "recovery" | "operator" | "unknown";

/** One step of an event's way. Times are ISO 8601, UTC. */
export interface Step {
  /** When it had happened; of `accepted` and `spilled`, when the event came. */
  readonly at: string;
  readonly kind: StepKind;
  readonly function: FunctionName;
  /** What the log line says, to search for. */
  readonly message: string;
  /** Requests to the destination so far, this one included, over all redrives. */
  readonly attempt?: number;
  /** What the destination answered. */
  readonly status?: number;
  /** Of an attempt: from its beginning to its end. Of `accepted`: until it was durable. */
  readonly durationMilliseconds?: number;
  /** Why a deferred event had no attempt. */
  readonly because?: DeferReason;
  /** Until it is looked at again; `next` of the history says when that is. */
  readonly pauseSeconds?: number;
  /** `transient`, `permanent`, `exhausted`, `malformed`. */
  readonly class?: string;
  /** Why it failed, was deferred, spilled or died: a stranger's text. */
  readonly reason?: string;
  /** Redrives so far. */
  readonly redrives?: number;
  /** Of `redriven`, and of what came of that: by whom it was. */
  readonly by?: RedrivenBy;
  /** Of the request that brought the event, as in the API's access log. */
  readonly requestId?: string;
  /** No line says so, but the one after it could not be without. `at` is then that of the line after it. */
  readonly inferred?: true;
  /** Of `parked` and `brought-back`: whether it was a dead letter that was moved. */
  readonly deadLetter?: true;
}

/** What lines tell of the event itself. All but the id are strangers' text, bounded. */
export interface EventIdentity {
  /** Its `Idempotency-Key`. */
  readonly id: string;
  readonly source?: string;
  readonly type?: string;
  readonly conversation?: string;
  /** When it came. */
  readonly receivedAt?: string;
}

/** What one log line says of one event. */
export interface EventStep {
  readonly event: EventIdentity;
  readonly step: Step;
}
