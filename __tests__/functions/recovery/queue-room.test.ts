import { QueueRoom } from "../../../functions/recovery/queue-room.ts";

const now = new Date(1_000_000_000);
const minuteAgo = now.getTime() - 60_000;
const room = (visible: number, before?: { visible: number; sent: number }) =>
  new QueueRoom({ visible, others: 0 }, before && { at: minuteAgo, ...before }, now);

/** For how many more there is room. */
function size(of: QueueRoom): number {
  let count = 0;
  for (; !of.isFull; count++) of.take(1);
  return count;
}

test.each([
  ["an empty queue", 0, undefined, 50_000],
  ["a queue that holds some", 20_000, undefined, 30_000],
  ["a queue that holds as many as it may", 50_000, undefined, 0],
  ["a queue that nobody drains", 60_000, { visible: 60_000, sent: 0 }, 0],
  ["a slow one", 50_000, { visible: 50_060, sent: 0 }, 0],
  ["one that delivers 100 a second: an hour of it", 50_000, { visible: 50_000, sent: 6_000 }, 310_000],
])("%s has room for more", (_, visible, before, expected) => {
  expect(size(room(visible, before))).toBe(expected);
});

test("what is sent is counted for the next run", () => {
  const used = room(5);
  used.take(10);
  expect(used.counted).toEqual({ at: now.getTime(), visible: 5, sent: 10 });
});
