import { isTold, type KnownWaiting, noteWaiting } from "../../../functions/recovery/known-waiting.ts";

const MINUTE = 60_000;
const GRACE_SECONDS = 900;

/** Whether an old event is told already, after each of so many runs, one a minute. */
function told(runs: readonly boolean[]): boolean[] {
  let known: KnownWaiting | undefined;
  return runs.map((isWaiting, minute) => {
    known = noteWaiting(known, isWaiting, minute * MINUTE);
    return isTold(known, GRACE_SECONDS, minute * MINUTE);
  });
}

const times = (count: number, value: boolean) => Array<boolean>(count).fill(value);

test("nothing is told by a stop that is shorter than its own alarm takes", () => {
  expect(told([...times(3, true), ...times(5, false)])).toEqual(times(8, false));
});

test("one that lasts is, from the third minute on", () => {
  expect(told(times(6, true))).toEqual([false, false, false, true, true, true]);
});

test("what has gathered gets its time, and no more: then an old event is told again", () => {
  const after = told([...times(4, true), ...times(20, false)]).slice(4);
  expect(after).toEqual([...times(14, true), ...times(6, false)]);
});

test("short stops one after the other silence nobody", () => {
  const alternating = Array.from({ length: 30 }, (_, minute) => minute % 2 === 0);
  expect(told(alternating)).toEqual(times(30, false));
});

test("a second stop within the grace of the first is told as long as that, and then by itself", () => {
  const runs = [...times(4, true), ...times(10, false), ...times(3, true), ...times(10, false)];
  const last = told(runs).lastIndexOf(true);
  expect(last).toBe(3 + 14);
});
