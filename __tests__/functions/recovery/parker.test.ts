import type { Message } from "@aws-sdk/client-sqs";
import { readParkedKey } from "../../../contract/parked.ts";
import { Parker } from "../../../functions/recovery/parker.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startRunBench } from "../../support/recovery-run.ts";

const bench = forEachTest(startRunBench);
const NOW = new Date("2026-11-24T12:00:00Z");
const parker = async () => new Parker(await bench.run({ now: () => NOW }), bench.cloud.queueUrl);

let count = 0;
const message = (body: string, sentAt?: string): Message => ({
  MessageId: `${++count}`,
  ReceiptHandle: `${count}`,
  Body: body,
  ...(sentAt === undefined ? {} : { Attributes: { SentTimestamp: String(Date.parse(sentAt)) } }),
});
/** What lies in the bucket: kind, number of messages, and the oldest one's time. */
const objects = async () =>
  (await bench.cloud.keys("parked/")).map((key) => {
    const { kind, count, oldest } = readParkedKey(key) ?? {};
    return [kind, count, oldest?.toISOString().slice(0, 19)];
  });
const counts = async () => (await objects()).map(([, count]) => count).sort();

test("an object has five hundred messages at most: it is stored as the last of them comes", async () => {
  const some = await parker();
  for (let number = 0; number < 499; number++) await some.add("events", message("event"));
  expect([await counts(), some.parked]).toEqual([[], 0]);
  await some.add("events", message("event"));
  expect([await counts(), some.parked]).toEqual([[500], 500]);
  await some.add("events", message("event"));
  await some.finish();
  expect([await counts(), some.parked]).toEqual([[1, 500], 501]);
  await some.finish();
  expect(await counts()).toEqual([1, 500]);
});

test("or four megabytes", async () => {
  const some = await parker();
  const megabyte = 1024 * 1024;
  for (const length of [megabyte, megabyte, megabyte, megabyte - 1]) {
    await some.add("events", message("x".repeat(length)));
  }
  expect(await counts()).toEqual([]);
  await some.add("events", message("x"));
  expect(await counts()).toEqual([5]);
});

test("each kind has objects of its own", async () => {
  const some = await parker();
  for (const kind of ["events", "redrivable", "dead-letters", "events"] as const) {
    await some.add(kind, message("event"));
  }
  await some.finish();
  expect((await objects()).map(([kind, count]) => `${kind} ${count}`).sort()).toEqual([
    "dead-letters 1",
    "events 2",
    "redrivable 1",
  ]);
});

const received = (received_at: string) => envelopeFor("{}", { received_at });

test.each<[string, Message[], string]>([
  [
    "when they were received",
    [message(received("2026-11-20T12:00:00Z")), message(received("2026-11-21T12:00:00Z"))],
    "2026-11-20T12:00:00",
  ],
  [
    "that, and not when they were sent",
    [message(received("2026-11-20T12:00:00Z"), "2026-11-19T12:00:00Z")],
    "2026-11-20T12:00:00",
  ],
  [
    "when they were sent, of what is no envelope",
    [message("no envelope", "2026-11-22T12:00:00Z")],
    "2026-11-22T12:00:00",
  ],
  [
    "no time of which nobody knows",
    [message("no envelope"), message("no envelope", "2026-11-23T12:00:00Z")],
    "2026-11-23T12:00:00",
  ],
  ["now, where nobody knows", [message("no envelope")], "2026-11-24T12:00:00"],
  [
    "now, of what says that it comes later",
    [message(received("2026-12-24T12:00:00Z"))],
    "2026-11-24T12:00:00",
  ],
])("the key tells the oldest of them, by %s", async (_by, messages, oldest) => {
  const some = await parker();
  for (const each of messages) await some.add("events", each);
  await some.finish();
  expect(await objects()).toEqual([["events", messages.length, oldest]]);
});

test("a bucket that refuses is told, and nothing counts as parked", async () => {
  const some = await parker();
  bench.refuse("PutObjectCommand", new Error("planted"));
  await some.add("events", message("event"));
  await expect(some.finish()).rejects.toThrow("planted");
  expect(some.parked).toBe(0);
  expect(bench.commands).not.toContain("DeleteMessageBatch");
});
