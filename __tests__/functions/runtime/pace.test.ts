import { jest } from "@jest/globals";
import { Pace } from "../../../functions/runtime/pace.ts";

afterEach(() => void jest.useRealTimers());

/** When each of so many chunks may go: milliseconds from the start. */
async function moments(perSecond: number, chunks: readonly number[]): Promise<number[]> {
  jest.useFakeTimers({ now: 0 });
  const pace = new Pace(perSecond);
  const at: number[] = [];
  const all = chunks.map(async (count) => {
    await pace.take(count);
    at.push(Date.now());
  });
  await jest.runAllTimersAsync();
  await Promise.all(all);
  return at;
}

test.each([
  [1, [1, 1, 1], [0, 1_000, 2_000]],
  [2, [2, 2, 1], [0, 1_000, 2_000]],
  [10, [10, 10, 10], [0, 1_000, 2_000]],
  [500, [10, 10, 10], [0, 20, 40]],
  [100, [10, 5, 10], [0, 100, 150]],
])("at %i a second, %j may go after %j ms, whoever asks", async (perSecond, chunks, expected) => {
  expect(await moments(perSecond, chunks)).toEqual(expected);
});

test("time in which nothing was sent is not made up for", async () => {
  jest.useFakeTimers({ now: 0 });
  const pace = new Pace(10);
  await pace.take(10);
  jest.setSystemTime(60_000);
  await pace.take(10);
  let gone = false;
  const next = pace.take(10).then(() => {
    gone = true;
  });
  await jest.advanceTimersByTimeAsync(999);
  expect(gone).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  await next;
});

test("a clock that is set back makes nobody wait longer", async () => {
  jest.useFakeTimers({ now: 3_600_000 });
  const pace = new Pace(10);
  await pace.take();
  jest.setSystemTime(0);
  const next = pace.take();
  await jest.advanceTimersByTimeAsync(200);
  expect(await Promise.race([next, "still waiting"])).not.toBe("still waiting");
});

test.each([
  [1, 1],
  [3, 3],
  [10, 10],
  [500, 10],
])("at %i a second, no more than %i at a time", (perSecond, expected) => {
  expect(new Pace(perSecond).atOnce).toBe(expected);
});
