import { chunksOf, inLanes } from "../../../functions/recovery/lanes.ts";

test.each([
  [[], 3, []],
  [[1, 2, 3], 3, [[1, 2, 3]]],
  [[1, 2, 3, 4], 3, [[1, 2, 3], [4]]],
  [[1, 2], 1, [[1], [2]]],
])("%j in parts of %i at most", (all, size, parts) => {
  expect(chunksOf<number>(all, size)).toEqual(parts);
});

test("work goes on so many times side by side, until there is no more of it", async () => {
  let [now, most, left] = [0, 0, 10];
  await inLanes(3, async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return --left > 0;
  });
  expect([most, now]).toEqual([3, 0]);
  expect(left).toBeLessThanOrEqual(0);
});

test("the first error is thrown when all that was under way has ended; nothing new is begun after it", async () => {
  const done: string[] = [];
  let started = 0;
  const work = async () => {
    const number = ++started;
    await new Promise(setImmediate);
    if (number === 1) throw new Error("the first");
    await new Promise(setImmediate);
    done.push(`${number}`);
    if (number === 3) throw new Error("a later one");
    return true;
  };
  await expect(inLanes(3, work)).rejects.toThrow("the first");
  expect([started, done]).toEqual([3, ["2", "3"]]);
});
