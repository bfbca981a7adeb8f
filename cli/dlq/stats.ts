import { type Cause, causesOf } from "./causes.ts";
import type { DeadLetter } from "./dead-letter.ts";

export interface Group {
  readonly value: string;
  readonly count: number;
}

/** Dead letters, counted by what they have in common; the biggest group first, hours in their order. */
export interface Stats {
  readonly total: number;
  readonly oldest?: string;
  readonly newest?: string;
  readonly causes: readonly Cause[];
  readonly byClass: readonly Group[];
  readonly byStatus: readonly Group[];
  readonly byReason: readonly Group[];
  readonly bySource: readonly Group[];
  readonly byType: readonly Group[];
  /** `2026-11-24T08`: UTC. */
  readonly byHour: readonly Group[];
}

export function countLetters(deadLetters: readonly DeadLetter[]): Stats {
  const died = deadLetters.map(({ diedAt }) => diedAt).sort();
  const [oldest, newest] = [died[0], died.at(-1)];
  return {
    total: deadLetters.length,
    ...(oldest === undefined || newest === undefined ? {} : { oldest, newest }),
    causes: causesOf(deadLetters),
    byClass: group(deadLetters, (deadLetter) => deadLetter.class),
    byStatus: group(deadLetters, ({ status }) => (status === undefined ? "none" : String(status))),
    byReason: group(deadLetters, ({ reason }) => reason),
    bySource: group(deadLetters, ({ source }) => source),
    byType: group(deadLetters, ({ eventType }) => eventType ?? "unknown"),
    byHour: group(deadLetters, ({ diedAt }) => diedAt.slice(0, 13)).sort((a, b) =>
      a.value < b.value ? -1 : 1,
    ),
  };
}

function group(deadLetters: readonly DeadLetter[], by: (deadLetter: DeadLetter) => string): Group[] {
  const counts = new Map<string, number>();
  for (const deadLetter of deadLetters) counts.set(by(deadLetter), (counts.get(by(deadLetter)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
