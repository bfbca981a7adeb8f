import { DeleteBucketCommand } from "@aws-sdk/client-s3";
import { requeueSpilled } from "../../../functions/recovery/spilled.ts";
import { forEachTest } from "../../support/hooks.ts";
import { awsError, startRunBench } from "../../support/recovery-run.ts";

const bench = forEachTest(startRunBench);

const requeue = async (changes: Parameters<typeof bench.run>[0] = {}) =>
  requeueSpilled(await bench.run(changes));
const onMain = () =>
  bench.cloud
    .messages()
    .map(({ body }) => body)
    .sort();
const stored = async () => (await bench.cloud.keys("spill/")).length;

test("each goes to the queue that did not take it, with its attributes, and its object is gone", async () => {
  const attributes = { reason_class: { DataType: "String", StringValue: "malformed" } } as const;
  await bench.spill("an event 7");
  await bench.spill("a malformed one", { queue: "dead-letter", attributes });
  expect(await requeue()).toEqual({ moved: 2, more: false });
  expect(bench.cloud.messages()).toEqual([{ body: "an event 7", attributes: {} }]);
  expect(bench.cloud.messages("dead-letter")).toEqual([
    { body: "a malformed one", attributes: { reason_class: "malformed" } },
  ]);
  expect(await stored()).toBe(0);
});

test("many go in batches: a tenth of the sends, a tenth of the deletes", async () => {
  const bodies = Array.from({ length: 100 }, (_, number) => `event ${number}`).sort();
  for (const body of bodies) await bench.spill(body);
  expect(await requeue()).toEqual({ moved: 100, more: false });
  expect(onMain()).toEqual(bodies);
  const count = (name: string) => bench.commands.filter((command) => command === name).length;
  expect(count("SendMessageBatch")).toBe(10);
  expect(count("DeleteObjects")).toBe(10);
  expect(await stored()).toBe(0);
});

test("more objects than S3 lists at once: all pages are seen, and each object once", async () => {
  const bodies = Array.from({ length: 7 }, (_, number) => `event ${number}`);
  for (const body of bodies) await bench.spill(body);
  bench.objects.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        // S3's own is 1,000
        if (commandName === "ListObjectsV2Command") Object.assign(args.input, { MaxKeys: 2 });
        return next(args);
      },
    { step: "initialize" },
  );
  expect(await requeue()).toEqual({ moved: 7, more: false });
  expect(bench.commands.filter((command) => command === "ListObjectsV2")).toHaveLength(4);
  expect(onMain()).toEqual(bodies);
});

test("a queue that still refuses keeps the object, and is an error", async () => {
  await bench.spill("an event");
  bench.cloud.server.deleteQueue("events");
  const run = bench.run();
  await expect(run.then(requeueSpilled)).rejects.toThrow();
  expect(await stored()).toBe(1);
});

describe("one that cannot be handled holds up none of the others, and is told once, by its key", () => {
  const good = ["a", "b", "c"];
  async function twice(changes: Parameters<typeof bench.run>[0] = {}) {
    for (const body of good) await bench.spill(body);
    expect((await requeue(changes)).moved).toBeGreaterThanOrEqual(3);
    expect(onMain().slice(-3)).toEqual(good);
    const told = bench.told.length;
    const again = await requeue(changes);
    expect(bench.told).toHaveLength(told);
    return again;
  }

  test("what SQS does not take as it is", async () => {
    bench.cloud.server.deleteQueue("events");
    bench.cloud.server.createQueue("events", { attributes: { MaximumMessageSize: "1024" } });
    const key = await bench.spill("x".repeat(2_000));
    await twice();
    expect(bench.told).toMatchObject([{ message: "SQS does not take a spilled event as it is", key }]);
    expect(await bench.cloud.keys("spill/")).toEqual([key]);
  });

  test("what is no spilled message", async () => {
    const key = "spill/events/0000/strange.json";
    await bench.objects.put({
      bucket: bench.cloud.bucket,
      key,
      bytes: Buffer.from("{}"),
      contentType: "application/json",
    });
    await twice();
    expect(bench.told).toMatchObject([{ message: "An object under spill/ is no spilled message", key }]);
    expect(bench.commands.filter((command) => command === "GetObject")).toEqual([]); // not read again at once
    expect(await bench.cloud.keys("spill/")).toEqual([key]);
  });

  test("what may not be read", async () => {
    const key = await bench.spill("secret");
    bench.refuse("GetObjectCommand", awsError("AccessDenied", 403), ({ Key }) => Key === key);
    await twice();
    expect(bench.told).toMatchObject([
      { message: "A spilled event cannot be read", key, reason: "AccessDenied" },
    ]);
  });

  test("what is gone by now is no problem at all", async () => {
    const key = await bench.spill("gone");
    bench.refuse("GetObjectCommand", awsError("NoSuchKey", 404), ({ Key }) => Key === key);
    await twice();
    expect(bench.told).toEqual([]);
  });

  test("what cannot be deleted is not sent again at once", async () => {
    const key = await bench.spill("0 stays");
    bench.objects.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== "DeleteObjectsCommand") return next(args);
          const { Delete } = args.input as { Delete: { Objects: { Key: string }[] } };
          Delete.Objects = Delete.Objects.filter(({ Key }) => Key !== key);
          const { response } = Delete.Objects.length > 0 ? await next(args) : { response: {} };
          return {
            response,
            output: { $metadata: {}, Errors: [{ Key: key, Code: "AccessDenied" }] },
          } as never;
        },
      { step: "initialize" },
    );
    expect(await twice()).toEqual({ moved: 0, more: false });
    expect(bench.told).toMatchObject([{ message: "A spilled event was sent, but cannot be deleted", key }]);
    expect(onMain()).toEqual(["0 stays", "a", "b", "c"]);
  });
});

test("an error of the bucket itself is none of one object: the step fails, and nothing is put aside", async () => {
  for (const body of ["a", "b"]) await bench.spill(body);
  bench.refuse("GetObjectCommand", awsError("SlowDown", 503));
  await expect(requeue()).rejects.toThrow("SlowDown");
  expect(bench.memory.aside).toEqual({});
  expect(await stored()).toBe(2);
});

test("killed between the send and the delete, the event is in both places, never nowhere", async () => {
  await bench.spill("an event");
  bench.refuse("DeleteObjectsCommand", new Error("killed here"));
  await expect(requeue()).rejects.toThrow("killed here");
  expect(onMain()).toEqual(["an event"]);
  expect(await stored()).toBe(1);
});

test("a run without time takes none, and says that there is more", async () => {
  await bench.spill("an event");
  expect(await requeue({ timeLeft: () => false })).toEqual({ moved: 0, more: true });
  expect(await stored()).toBe(1);
});

test("where a run had to stop, the next goes on, and after it one from the beginning", async () => {
  for (let number = 0; number < 200; number++) await bench.spill(`event ${String(number).padStart(3, "0")}`);
  let asked = 0;
  const first = await requeue({ timeLeft: () => ++asked <= 8 });
  expect(first).toEqual({ moved: 80, more: true });
  const cursor = bench.memory.spillCursor;
  const left = await bench.cloud.keys("spill/");
  expect(left.every((key) => key > String(cursor))).toBe(true);
  expect(await requeue()).toEqual({ moved: 120, more: false });
  expect(bench.memory.spillCursor).toBeUndefined();
});

test("no more than the queue has room for", async () => {
  for (const body of ["a", "b"]) await bench.spill(body);
  const run = await bench.run();
  run.room.take(1_000_000);
  expect(await requeueSpilled(run)).toEqual({ moved: 0, more: false });
});

test("a bucket that is not there is an error, not nothing to do", async () => {
  await bench.objects.client.send(new DeleteBucketCommand({ Bucket: bench.cloud.bucket }));
  await expect(requeue()).rejects.toThrow();
});
