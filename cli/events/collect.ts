import { type EventFilter, isChosen, isOfEvent, lineFilter } from "./filter.ts";
import { Histories } from "./histories.ts";
import type { EventHistory } from "./history.ts";
import type { LogSource } from "./log-source.ts";
import { readLine } from "./read-line.ts";

const AHEAD_MILLISECONDS = 60_000;

export interface Collected {
  /** Those that were chosen, the youngest first, as many as were asked for. */
  readonly histories: readonly EventHistory[];
  /** How many were chosen. */
  readonly chosen: number;
  /** How many there were, chosen or not, as far as was kept. */
  readonly seen: number;
  /** Events that were forgotten, because there were too many: those that were over or not chosen first. */
  readonly forgotten: number;
}

/**
 * Events that were received within a range, with all that became of them until now.
 *
 * @param until milliseconds since 1970; absent: now
 * @throws what the source throws
 */
export async function collect(
  source: LogSource,
  filter: EventFilter,
  { since, until, limit }: { readonly since: number; readonly until?: number; readonly limit: number },
  signal: AbortSignal,
): Promise<Collected> {
  const isWanted = (history: EventHistory) =>
    isChosen(filter, history) && isWithin(receivedAt(history), since, until);
  const histories = new Histories({ isWanted });
  const range = { from: since, to: Date.now() + AHEAD_MILLISECONDS };
  for await (const line of source.query(range, lineFilter(filter), signal)) {
    for (const step of readLine(line)) if (isOfEvent(filter, step)) histories.add(step);
  }
  signal.throwIfAborted();
  const chosen = [...histories.all()].filter(isWanted);
  chosen.sort(
    (one, other) => receivedAt(other) - receivedAt(one) || (one.event.id < other.event.id ? -1 : 1),
  );
  return {
    histories: chosen.slice(0, limit),
    chosen: chosen.length,
    seen: histories.size + histories.forgotten,
    forgotten: histories.forgotten,
  };
}

/** When it came, or at least when it was first heard of: milliseconds since 1970. */
export function receivedAt({ event, steps, lastAt }: EventHistory): number {
  return Date.parse(event.receivedAt ?? steps[0]?.at ?? lastAt);
}

function isWithin(at: number, since: number, until: number | undefined): boolean {
  return at >= since && (until === undefined || at < until);
}
