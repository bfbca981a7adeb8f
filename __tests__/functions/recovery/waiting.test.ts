import { countMessages } from "../../../functions/recovery/queue-room.ts";
import { noteCount, parkWaiting } from "../../../functions/recovery/waiting.ts";
import { forEachTest } from "../../support/hooks.ts";
import { awsError, DAY, startRunBench } from "../../support/recovery-run.ts";

const bench = forEachTest(startRunBench);

/** A run so many days from now. */
async function park(days: number, changes: Parameters<typeof bench.run>[0] = {}) {
  const run = await bench.run({ now: () => new Date(Date.now() + days * DAY), ...changes });
  const count = await countMessages(bench.cloud.sqs, bench.cloud.queueUrl);
  bench.commands.length = 0;
  return parkWaiting(run, count);
}
const onMain = () =>
  bench.cloud
    .messages()
    .map(({ body }) => body)
    .sort();
const looked = () => bench.commands.includes("ReceiveMessage");

test("what has waited for half of the queue's retention is parked, whatever was the reason", async () => {
  const bodies = Array.from({ length: 60 }, (_, number) => `event ${number}`).sort();
  await bench.send(...bodies);
  expect(await park(2.1)).toEqual({ moved: 60, more: false });
  expect(onMain()).toEqual([]);
  expect(await bench.parked("events")).toEqual(bodies);
});

test("what is younger stays, as if nobody had looked: sent anew, so that no receive counts", async () => {
  await bench.send("young");
  expect(await park(1.9)).toEqual({ moved: 0, more: false });
  expect(onMain()).toEqual(["young"]);
  const [message] = bench.cloud.server.inspectQueue("events")?.messages.ready ?? [];
  expect(message).toMatchObject({ body: "young", approximateReceiveCount: 0 });
  expect(await bench.parked("events")).toEqual([]);
});

test("after a look that found nothing old, there is none for an hour", async () => {
  await bench.send("young");
  await park(1.5);
  await park(1.5 + 0.9 / 24);
  expect(looked()).toBe(false);
  await park(1.5 + 1.1 / 24);
  expect(looked()).toBe(true);
});

test("a queue that was empty lately is not looked at: whatever it holds has come since", async () => {
  await park(0);
  await park(0.001);
  await bench.send("event");
  await park(2);
  expect(looked()).toBe(false);
  await park(2.01);
  expect(looked()).toBe(true);
  expect(await bench.parked("events")).toEqual(["event"]);
});

test("stored first, deleted after: a bucket that refuses leaves all on the queue", async () => {
  await bench.send("a", "b");
  bench.refuse("PutObjectCommand", awsError("SlowDown", 503));
  await expect(park(3)).rejects.toThrow("SlowDown");
  expect(onMain()).toEqual(["a", "b"]);
  // A bucket that goes on refusing must not use up their receives, one a minute.
  await bench.send("c"); // one that is visible
  await park(3 + 0.9 / 24);
  expect(looked()).toBe(false);
});

test("what could not be parked is remembered as old, until it is parked or the queue was empty", async () => {
  await bench.send("a", "b");
  const sentBefore = Date.now();
  bench.refuse("PutObjectCommand", awsError("SlowDown", 503));
  await expect(park(3)).rejects.toThrow("SlowDown");
  const { oldestSentAt = Number.NaN } = bench.memory.queue ?? {};
  expect(oldestSentAt).toBeLessThanOrEqual(sentBefore);
  expect(oldestSentAt).toBeGreaterThan(sentBefore - 60_000);
  const known = bench.memory.queue;
  const now = new Date(Date.now() + DAY);
  const count = (visible: number) => ({ visible, others: 0 });
  expect(noteCount(known, count(2), now).oldestSentAt).toBe(oldestSentAt);
  const emptyOnce = noteCount(known, count(0), now);
  expect(emptyOnce.oldestSentAt).toBe(oldestSentAt);
  expect(noteCount(emptyOnce, count(0), now).oldestSentAt).toBeUndefined();
});

test("a run without time stores what it holds, and says that there is more", async () => {
  const bodies = Array.from({ length: 100 }, (_, number) => `event ${number}`).sort();
  await bench.send(...bodies);
  let asked = 0;
  const { moved, more } = await park(3, { timeLeft: () => ++asked <= 3 });
  expect(more).toBe(true);
  expect(moved).toBe(40);
  expect([...onMain(), ...(await bench.parked("events"))].sort()).toEqual(bodies);
});

test("what was parked is told in its key: how many, and when the oldest was received", async () => {
  const received = "2026-03-01T12:00:00.000Z";
  const envelope = { received_at: received, webhook_id: "1", webhook_name: "w", payload: {} };
  await bench.send(JSON.stringify(envelope), "no envelope");
  await park(3);
  expect(await bench.cloud.keys("parked/")).toEqual([
    expect.stringMatching(/^parked\/events\/20260301T120000Z-2-[-0-9a-f]{36}\.jsonl$/),
  ]);
});

describe("when the queue was empty", () => {
  const at = (seconds: number) => new Date(seconds * 1_000);
  const empty = { visible: 0, others: 0 };
  test("one count is not believed: it is approximate", () => {
    expect(noteCount(undefined, empty, at(1))).toEqual({ emptyRuns: 1 });
    expect(noteCount({ emptyRuns: 1 }, empty, at(2))).toEqual({ emptyRuns: 2, emptyAt: 2_000 });
  });
  test.each([
    ["something visible", { visible: 1, others: 0 }],
    ["something hidden", { visible: 0, others: 1 }],
  ])("%s ends that, and what was known stays", (_, count) => {
    expect(noteCount({ emptyRuns: 2, emptyAt: 5_000 }, count, at(60))).toEqual({
      emptyRuns: 0,
      emptyAt: 5_000,
    });
  });
  test("it is moved on once an hour, not every minute", () => {
    expect(noteCount({ emptyRuns: 2, emptyAt: 0 }, empty, at(3_599))).toEqual({ emptyRuns: 2, emptyAt: 0 });
    expect(noteCount({ emptyRuns: 2, emptyAt: 0 }, empty, at(3_600))).toEqual({
      emptyRuns: 2,
      emptyAt: 3_600_000,
    });
  });
});
