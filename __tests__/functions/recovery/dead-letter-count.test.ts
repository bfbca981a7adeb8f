import { newDeadLetters, noteDeadLetters } from "../../../functions/recovery/dead-letter-count.ts";
import type { Memory } from "../../../functions/recovery/memory.ts";

const MINUTE = 60_000;

/** How many are new in each run, one a minute; `[count, parked]` of each. */
function fresh(runs: readonly (readonly [count: number, parked?: number])[]): number[] {
  let memory: Memory["deadLetterCount"];
  return runs.map(([count, parked = 0], minute) => {
    const now = minute * MINUTE;
    const found = newDeadLetters(memory, count, now);
    memory = noteDeadLetters(memory, count, parked, now);
    return found;
  });
}

const lying = (minutes: number, count: number) => Array.from({ length: minutes }, () => [count] as const);

test("the first ones are told by their own alarm, and what comes with them", () => {
  expect(fresh([[0], [1], [500], [600]])).toEqual([0, 0, 0, 0]);
});

test("one that has lain there for ten minutes hides none of the next million", () => {
  expect(fresh([...lying(11, 1), [1_000_001], [1_000_001]])).toEqual([...Array(11).fill(0), 1_000_000, 0]);
});

test("those that are parked at once are new all the same, run after run", () => {
  const flood = [
    [11_000, 10_000],
    [11_000, 10_000],
  ] as const;
  expect(fresh([...lying(10, 1_000), ...flood]).slice(10)).toEqual([10_000, 10_000]);
});

test("fewer are no news, and after the last of them a first one is a first one again", () => {
  expect(fresh([...lying(11, 50), [20], [0], [30], [40]]).slice(11)).toEqual([0, 0, 0, 0]);
});
