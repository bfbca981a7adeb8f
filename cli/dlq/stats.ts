import type { DeadLetter } from "./letter.ts";

export interface Group {
  readonly value: string;
  readonly count: number;
}

/** Dead letters, counted by what they have in common; the biggest group first, hours in their order. */
export interface Stats {
  readonly total: number;
  readonly oldest?: string;
  readonly newest?: string;
  readonly byClass: readonly Group[];
  readonly byStatus: readonly Group[];
  readonly byReason: readonly Group[];
  readonly bySource: readonly Group[];
  readonly byType: readonly Group[];
  /** `2026-11-24T08`: UTC. */
  readonly byHour: readonly Group[];
}

export function countLetters(letters: readonly DeadLetter[]): Stats {
  const died = letters.map(({ diedAt }) => diedAt).sort();
  const [oldest, newest] = [died[0], died.at(-1)];
  return {
    total: letters.length,
    ...(oldest === undefined || newest === undefined ? {} : { oldest, newest }),
    byClass: group(letters, (letter) => letter.class),
    byStatus: group(letters, ({ status }) => (status === undefined ? "none" : String(status))),
    byReason: group(letters, ({ reason }) => reason),
    bySource: group(letters, ({ source }) => source),
    byType: group(letters, ({ eventType }) => eventType ?? "unknown"),
    byHour: group(letters, ({ diedAt }) => diedAt.slice(0, 13)).sort((a, b) => (a.value < b.value ? -1 : 1)),
  };
}

function group(letters: readonly DeadLetter[], by: (letter: DeadLetter) => string): Group[] {
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(by(letter), (counts.get(by(letter)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
