import { DeleteBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { spillKey, writeSpill } from "../../../contract/event/spill.ts";
import { requeueSpilled } from "../../../functions/recovery/spilled.ts";
import { openObjects } from "../../../functions/runtime/objects.ts";
import { startCloud } from "../../support/fauxqs.ts";
import { forEachTest } from "../../support/hooks.ts";

const receivedAt = new Date("2026-03-01T12:00:00.000Z");
const cloud = forEachTest(startCloud);
const objects = forEachTest(
  () => openObjects({ endpoint: cloud.endpoint, forcePathStyle: true }),
  ({ client }) => client.destroy(),
);

async function spilled(queue: "main" | "dead-letter", body: string): Promise<void> {
  const bytes = Buffer.from(
    writeSpill({
      queue,
      body,
      attributes: { reason_class: { DataType: "String", StringValue: "malformed" } },
    }),
  );
  const key = spillKey(queue, body, "0".repeat(64), receivedAt);
  await objects.put({ bucket: cloud.bucket, key, bytes, contentType: "application/json" });
}

const unreadableKeys: string[] = [];
const requeue = (mayGoOn = () => Promise.resolve(true)) =>
  requeueSpilled(cloud.sqs, objects, cloud, mayGoOn, (key) => unreadableKeys.push(key));

const waiting = (queue: string) => cloud.server.inspectQueue(queue)?.messages.ready ?? [];
async function remaining(): Promise<number> {
  return (await objects.client.send(new ListObjectsV2Command({ Bucket: cloud.bucket }))).KeyCount ?? 0;
}

test("each goes to the queue that did not take it, with its attributes, and its object is gone", async () => {
  await spilled("main", "an event 😀");
  await spilled("dead-letter", "a malformed one");
  expect(await requeue()).toBe(2);
  expect(waiting("events").map(({ body }) => body)).toEqual(["an event 😀"]);
  expect(
    waiting("events-dead-letters").map(({ body, messageAttributes }) => [
      body,
      messageAttributes["reason_class"]?.StringValue,
    ]),
  ).toEqual([["a malformed one", "malformed"]]);
  expect(await remaining()).toBe(0);
});

test("a queue that still refuses keeps the object", async () => {
  await spilled("main", "an event");
  cloud.server.deleteQueue("events");
  await expect(requeue()).rejects.toThrow();
  expect(await remaining()).toBe(1);
});

test("one that SQS does not take as it is holds up nothing, and is still an error", async () => {
  cloud.server.deleteQueue("events");
  cloud.server.createQueue("events", { attributes: { MaximumMessageSize: "1024" } });
  await spilled("main", "x".repeat(2_000));
  for (const body of ["a", "b", "c"]) await spilled("main", body);
  await expect(requeue()).rejects.toThrow();
  expect(
    waiting("events")
      .map(({ body }) => body)
      .sort(),
  ).toEqual(["a", "b", "c"]);
  expect(await remaining()).toBe(1);
});

test("a bucket that will not delete leaves the event twice, never nowhere", async () => {
  await spilled("main", "an event");
  objects.client.middlewareStack.add(
    (next, context) => (args) =>
      context["commandName"] === "DeleteObjectCommand"
        ? Promise.reject(new Error("killed here"))
        : next(args),
    { step: "initialize" },
  );
  await expect(requeue()).rejects.toThrow("killed here");
  expect(waiting("events")).toHaveLength(1);
  expect(await remaining()).toBe(1);
});

test("what is no spilled message stays and is named, and holds up nothing", async () => {
  const key = "spill/events/0000/strange.json";
  await objects.put({ bucket: cloud.bucket, key, bytes: Buffer.from("{}"), contentType: "application/json" });
  await spilled("main", "an event");
  expect(await requeue()).toBe(1);
  expect(unreadableKeys).toEqual([key]);
  expect(await remaining()).toBe(1);
});

test("a run without time takes none", async () => {
  await spilled("main", "an event");
  expect(await requeue(() => Promise.resolve(false))).toBe(0);
  expect(await remaining()).toBe(1);
});

test("a bucket that is not there is an error, not nothing to do", async () => {
  await objects.client.send(new DeleteBucketCommand({ Bucket: cloud.bucket }));
  await expect(requeue()).rejects.toThrow();
});
