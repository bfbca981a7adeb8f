import { defined } from "../../contract/defined.ts";
import { RESERVE } from "../../contract/invocation-times.ts";
import type { Ports } from "./ports.ts";
import type { ProbeTally, TimeFrame } from "./record-context.ts";

/** What must be left when a delivery ends: for a back-off or a dead letter, two attempts of 1.5 s each, and the answer. */
const RESERVE_MILLISECONDS = RESERVE.seconds * 1_000;
/** What of that is for the answer itself: a function that times out returns none, and burns every receive. */
const ANSWER_SHARE = 1 / 8;

/** What time an invocation has, and for what. */
export interface BatchClock {
  /** Milliseconds from its beginning after which it answers, whatever is under way. */
  readonly batchMilliseconds: number;
  readonly frame: TimeFrame;
  /** Whether a delivery that takes all of its time, begun so many milliseconds from now, ends in time. @default 0 */
  readonly mayStart: (later?: number) => boolean;
}

/** @param remaining milliseconds until Lambda ends the invocation */
export function startClock(
  { destination, now }: Ports,
  remaining: () => number,
  probe?: ProbeTally,
): BatchClock {
  const invokedAt = now();
  const total = remaining();
  const reserve = Math.min(RESERVE_MILLISECONDS, total * RESERVE.share);
  return {
    batchMilliseconds: Math.max(0, total - reserve * ANSWER_SHARE),
    frame: {
      invokedAt,
      invocationEndsAt: new Date(invokedAt.getTime() + total),
      deliveryMilliseconds: () => Math.max(0, remaining() - reserve),
      ...defined({ probe }),
    },
    mayStart: (later = 0) => remaining() - reserve - later >= destination.timeoutMilliseconds,
  };
}
