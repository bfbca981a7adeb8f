import type { Memory } from "./memory.ts";

/** What comes sooner beside the first ones is told with them. */
const TOLD_MILLISECONDS = 600_000;

/**
 * How many dead letters have come since the last run, where others have lain there for a while: one that keeps an alarm
 * in ALARM must not hide those that follow. SQS counts approximately, and what is redriven may still be counted for a
 * moment: it is therefore not taken off.
 *
 * @param count on the queue now
 */
export function newDeadLetters(before: Memory["deadLetterCount"], count: number, now: number): number {
  if (before === undefined || now - before.since < TOLD_MILLISECONDS) return 0;
  return Math.max(0, count - before.count);
}

/** For the next run. @param parked so many of them lie in the bucket now */
export function noteDeadLetters(
  before: Memory["deadLetterCount"],
  count: number,
  parked: number,
  now: number,
): Memory["deadLetterCount"] {
  if (count === 0) return undefined;
  return { count: Math.max(0, count - parked), since: before?.since ?? now };
}
