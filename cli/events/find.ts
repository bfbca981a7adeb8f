import { isOfEvent } from "./filter.ts";
import { Histories } from "./histories.ts";
import type { EventHistory } from "./history.ts";
import type { LogSource, TimeRange } from "./log-source.ts";
import { readLine } from "./read-line.ts";

const HOUR = 3_600_000;
/** A look goes back step by step, since most events are young, and each byte that is looked at costs. */
const STEPS_BACK = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 31 * 24 * HOUR, 400 * 24 * HOUR];
/** Clocks disagree, and lines of this very moment are wanted. */
const AHEAD_MILLISECONDS = 60_000;
/** Candidates that are told where a beginning fits many. */
const MOST_CANDIDATES = 1_000;

export interface Found {
  readonly histories: readonly EventHistory[];
  /** What was looked at. */
  readonly range: TimeRange;
}

/**
 * Events that are meant by an id, its short form, or the beginning of one: from now back to where the first of them
 * came, or as far as lines are kept.
 *
 * @param since where given: all lines since then, and no others
 * @throws what the source throws
 */
export async function findEvents(
  source: LogSource,
  id: string,
  { since, signal }: { readonly since: number | undefined; readonly signal: AbortSignal },
): Promise<Found> {
  const now = Date.now();
  const histories = new Histories({ most: MOST_CANDIDATES });
  const keptSince = (await source.keptSince()) ?? now - 31 * 24 * HOUR;
  const least = since ?? keptSince;
  // What costs nothing is looked through at once.
  const steps = since !== undefined || source.cost === undefined ? [] : STEPS_BACK;
  let range: TimeRange = { from: now + AHEAD_MILLISECONDS, to: now + AHEAD_MILLISECONDS };
  for (const back of [...steps, Number.POSITIVE_INFINITY]) {
    const part = { from: Math.max(least, now - back), to: range.from };
    if (part.from >= part.to) break;
    for await (const line of source.query(part, { id }, signal)) {
      for (const step of readLine(line)) if (isOfEvent({ id }, step)) histories.add(step);
    }
    signal.throwIfAborted();
    range = { from: part.from, to: range.to };
    const found = [...histories.all()];
    if (found.length > 0 && found.every((history) => isWhole(history, range.from))) break;
  }
  return { histories: [...histories.all()], range };
}

/** Whether it came within what was looked at. */
function isWhole({ event: { receivedAt } }: EventHistory, from: number): boolean {
  return receivedAt !== undefined && Date.parse(receivedAt) >= from;
}
