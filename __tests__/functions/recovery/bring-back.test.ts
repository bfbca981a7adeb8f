import { sha256 } from "../../../contract/event/envelope.ts";
import { bringBackParked } from "../../../functions/recovery/bring-back.ts";
import { Pace } from "../../../functions/runtime/pace.ts";
import { forEachTest } from "../../support/hooks.ts";
import { awsError, DAY, startRunBench } from "../../support/recovery-run.ts";

const bench = forEachTest(startRunBench);

const bringBack = async (changes: Parameters<typeof bench.run>[0] = {}) =>
  bringBackParked(await bench.run(changes));
const onMain = () => bench.cloud.messages().map(({ body }) => body);
const OLD = "2026-03-01T12:00:00Z";
const YOUNG = "2026-03-05T12:00:00Z";

test("events come back, each as it was, and their object is gone", async () => {
  await bench.park("events", OLD, {
    Body: "event",
    MessageAttributes: { redrives: { DataType: "String", StringValue: "2" } },
  });
  expect(await bringBack()).toMatchObject({ moved: 1, more: false, deadLetters: 0 });
  expect(bench.cloud.messages()).toEqual([{ body: "event", attributes: { redrives: "2" } }]);
  expect(await bench.cloud.keys("parked/")).toEqual([]);
  expect(bench.moved).toMatchObject([{ message: "Parked event brought back", event_id: sha256("event") }]);
});

test("the oldest come first", async () => {
  for (let day = 28; day >= 10; day--) await bench.park("events", `2026-03-${day}T00:00:00Z`, `day ${day}`);
  const run = await bench.run();
  run.room.take(49_995);
  await bringBackParked(run);
  const back = onMain();
  expect(back.length).toBeLessThan(19);
  expect(back).toContain("day 10");
  expect(back).not.toContain("day 28");
});

test("dead letters that recovery may redrive come back redriven, those of a person stay", async () => {
  const attributes = {
    reason_class: { DataType: "String", StringValue: "exhausted" },
    redrives: { DataType: "String", StringValue: "1" },
  };
  await bench.park("redrivable", OLD, { Body: "exhausted", MessageAttributes: attributes });
  await bench.park("dead-letters", YOUNG, "permanent", "malformed");
  const result = await bringBack();
  expect(result).toMatchObject({ moved: 1, deadLetters: 3, oldest: new Date(OLD) });
  const redriven = { redrives: "2", redriven_by: "recovery" };
  expect(bench.cloud.messages()).toEqual([{ body: "exhausted", attributes: redriven }]);
  expect(bench.moved).toMatchObject([{ message: "Dead letter redriven", event_id: sha256("exhausted") }]);
  expect(await bench.parked("dead-letters")).toEqual(["malformed", "permanent"]);
});

test("while the breaker is not closed all of it stays", async () => {
  await bench.park("events", OLD, "event");
  await bench.park("redrivable", OLD, "dead letter");
  expect(await bringBack({ isClosed: () => Promise.resolve(false) })).toMatchObject({
    moved: 0,
    more: false,
  });
  expect(onMain()).toEqual([]);
  expect(await bench.cloud.keys("parked/")).toHaveLength(2);
});

test("redrives have a pace, which events do not wait for", async () => {
  const order: string[] = [];
  await bench.park("redrivable", OLD, "r1", "r2", "r3");
  await bench.park("events", YOUNG, "event");
  class Told extends Pace {
    override async take(count: number): Promise<boolean> {
      order.push(`wait for ${count}`);
      return super.take(0);
    }
  }
  await bringBack({ pace: new Told(2) });
  expect(order).toEqual(["wait for 2", "wait for 1"]);
  expect(onMain().sort()).toEqual(["event", "r1", "r2", "r3"]);
});

test("a breaker that opens half-way through an object: what was sent is not kept, what was not sent is", async () => {
  const bodies = Array.from({ length: 35 }, (_, number) => `event ${number}`);
  await bench.park("events", OLD, ...bodies);
  let asked = 0;
  const { moved } = await bringBack({ isClosed: () => Promise.resolve(++asked <= 3) });
  expect(moved).toBe(10);
  expect([...onMain(), ...(await bench.parked("events"))].sort()).toEqual([...bodies].sort());
  expect(await bench.cloud.keys("parked/")).toEqual([expect.stringMatching(/20260301T120000Z-25-/)]);
});

test("killed before the object is deleted, its events are in both places", async () => {
  await bench.park("events", OLD, "event");
  bench.refuse("DeleteObjectCommand", new Error("killed here"));
  await expect(bringBack()).rejects.toThrow("killed here");
  expect(onMain()).toEqual(["event"]);
  expect(await bench.parked("events")).toEqual(["event"]);
});

test("a queue that refuses keeps what was not sent", async () => {
  await bench.park("events", OLD, "a", "b");
  bench.refuse("SendMessageBatchCommand", awsError("AccessDenied", 403));
  await expect(bringBack()).rejects.toThrow("AccessDenied");
  expect(await bench.parked("events")).toEqual(["a", "b"]);
});

describe("what cannot be handled is told once, and holds up nothing", () => {
  test("an object that may not be read", async () => {
    const key = await bench.park("events", OLD, "hidden");
    await bench.park("events", YOUNG, "event");
    bench.refuse("GetObjectCommand", awsError("AccessDenied", 403), ({ Key }) => Key === key);
    await bringBack();
    await bringBack();
    expect(onMain()).toEqual(["event"]);
    expect(bench.told).toMatchObject([{ message: "A parked object cannot be read", key }]);
  });

  test("an object whose lines are no messages", async () => {
    const key = await bench.park("events", OLD, "hidden");
    await bench.objects.put({
      bucket: bench.cloud.bucket,
      key,
      bytes: Buffer.from("garbage\n"),
      contentType: "text/plain",
    });
    await bench.park("events", YOUNG, "event");
    await bringBack();
    expect(onMain()).toEqual(["event"]);
    expect(bench.told).toMatchObject([{ message: "A parked object cannot be read", key }]);
  });

  test("a message that SQS does not take: the others of its object go", async () => {
    bench.cloud.server.deleteQueue("events");
    bench.cloud.server.createQueue("events", { attributes: { MaximumMessageSize: "1024" } });
    await bench.park("events", OLD, "a", "x".repeat(2_000), "b");
    expect(await bringBack()).toMatchObject({ moved: 2 });
    expect(onMain().sort()).toEqual(["a", "b"]);
    expect(await bench.parked("events")).toEqual(["x".repeat(2_000)]);
    await bringBack();
    expect(bench.told).toHaveLength(1);
  });

  test("an object that cannot be deleted is not sent every minute", async () => {
    const key = await bench.park("events", OLD, "event");
    bench.refuse("DeleteObjectCommand", awsError("AccessDenied", 403));
    await bringBack();
    await bringBack();
    expect(onMain()).toEqual(["event"]);
    expect(bench.told).toMatchObject([
      { message: "Parked events were sent, but their object cannot be deleted", key },
    ]);
  });

  test("it is tried again: after a minute, then less and less often", async () => {
    const key = await bench.park("events", OLD, "event");
    bench.refuse("GetObjectCommand", awsError("AccessDenied", 403), ({ Key }) => Key === key);
    const minutes = (count: number) => () => new Date(Date.now() + count * 60_000);
    const reads = async (at: number) => {
      await bringBack({ now: minutes(at) });
      return bench.commands.filter((command) => command === "GetObject").length;
    };
    expect([await reads(0), await reads(0.9), await reads(1.1), await reads(2.9), await reads(3.2)]).toEqual([
      1, 0, 1, 0, 1,
    ]);
    expect(bench.told).toHaveLength(1);
  });
});

describe("a claim-checked event", () => {
  const key = "claim-checks/2026/03/01/abc";
  const envelope = (bucket: string, receivedAt: Date) =>
    JSON.stringify({
      version: 1,
      id: "id",
      source: "webhook",
      received_at: receivedAt.toISOString(),
      body_sha256: sha256("bytes"),
      payload: null,
      payload_ref: { bucket, key, bytes: 5 },
    });
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY);
  const written = () => bench.commands.filter((command) => command === "PutObject").length;

  test.each([
    ["is written anew when its envelope comes back after thirty days", 31, 1],
    ["is left as it is before that", 29, 0],
  ])("%s", async (_, days, writes) => {
    const { bucket } = bench.cloud;
    await bench.objects.put({
      bucket,
      key,
      bytes: Buffer.from("bytes"),
      contentType: "application/octet-stream",
    });
    await bench.park("events", OLD, envelope(bucket, daysAgo(days)));
    await bringBack();
    expect(written()).toBe(writes);
    expect((await bench.cloud.object(key)).bytes.toString()).toBe("bytes");
  });

  test("of another bucket is neither read nor written: a message is no address", async () => {
    await bench.park("events", OLD, envelope("another-bucket", daysAgo(40)));
    expect(await bringBack()).toMatchObject({ moved: 1 });
    expect(written()).toBe(0);
    expect(bench.commands.filter((command) => command === "GetObject")).toHaveLength(1); // the parked object
  });

  test("that is gone holds up nothing", async () => {
    await bench.park("events", OLD, envelope(bench.cloud.bucket, daysAgo(40)));
    expect(await bringBack()).toMatchObject({ moved: 1 });
  });
});
