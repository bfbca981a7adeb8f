import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import { toAttributes } from "../../../contract/event/dead-letter.ts";
import { sendMessages } from "../../../contract/queue-batch.ts";
import {
  isWorthALook,
  MOST_LEFT_ON_QUEUE,
  tendDeadLetters,
} from "../../../functions/recovery/dead-letters.ts";
import { receiveMessages } from "../../support/fauxqs.ts";
import { forEachTest } from "../../support/hooks.ts";
import { awsError, DAY, startRunBench } from "../../support/recovery-run.ts";

const bench = forEachTest(startRunBench);

const tend = async (changes: Parameters<typeof bench.run>[0] = {}) =>
  tendDeadLetters(await bench.run(changes));
const bodies = (queue: "main" | "dead-letter") =>
  bench.cloud
    .messages(queue)
    .map(({ body }) => body)
    .sort();
/** Visible ones alone: what is hidden nobody else could see. */
const visible = () =>
  (bench.cloud.server.inspectQueue("events-dead-letters")?.messages.ready ?? [])
    .map(({ body }) => body)
    .sort();
const inDays = (days: number) => () => new Date(Date.now() + days * DAY);

test("exhausted and crashed ones go back, malformed and permanent ones stay visible where they are", async () => {
  await bench.deadLetter("exhausted");
  await bench.deadLetter("crashed", "none");
  await bench.deadLetter("permanent", { class: "permanent" });
  await bench.deadLetter("malformed", { class: "malformed" });
  expect(await tend()).toMatchObject({ redriven: 2, parked: 0, more: false });
  expect(bodies("main")).toEqual(["crashed", "exhausted"]);
  expect(visible()).toEqual(["malformed", "permanent"]);
});

test("what was redriven and cannot be deleted is told and put aside, and does not count as redriven", async () => {
  await bench.deadLetter("event");
  bench.refuse("DeleteMessageBatchCommand", awsError("InternalError", 500));
  expect(await tend()).toMatchObject({ redriven: 0 });
  expect(bodies("main")).toEqual(["event"]);
  const [id = ""] = Object.keys(bench.memory.aside);
  expect(bench.told).toEqual([
    { message: "A dead letter was redriven, but cannot be deleted", key: id, reason: "InternalError" },
  ]);
  const { inflight = [] } = bench.cloud.server.inspectQueue("events-dead-letters")?.messages ?? {};
  expect(inflight.map(({ message }) => message.messageId)).toEqual([id]);
});

test("the reason stays behind, what counts over the event's life goes along", async () => {
  await bench.deadLetter("event", { redrives: 1 });
  await tend();
  expect(bench.cloud.messages()).toEqual([
    {
      body: "event",
      attributes: {
        attempts: "5",
        first_attempt_at: "2026-03-01T12:00:00.000Z",
        last_attempt_at: "2026-03-01T12:30:00.000Z",
        source: "webhook",
        event_id: "event",
        redrives: "2",
        redriven_by: "recovery",
      },
    },
  ]);
});

test("what EventBridge wrote on an event stays behind: a dead letter's own reason will need the room", async () => {
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await bench.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: bench.cloud.deadLetterQueueUrl,
      MessageBody: "event",
      MessageAttributes: {
        RULE_ARN: text("rule"),
        TARGET_ARN: text("queue"),
        ERROR_CODE: text("NO_PERMISSIONS"),
        ERROR_MESSAGE: text("denied"),
        EXHAUSTED_RETRY_CONDITION: text("MaximumRetryAttempts"),
        RETRY_ATTEMPTS: text("185"),
      },
    }),
  );
  expect(await tend()).toMatchObject({ redriven: 1 });
  const [message] = await receiveMessages(bench.cloud);
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(["redrives", "redriven_by"]);
});

test("what came back three times is left for a person", async () => {
  await bench.deadLetter("twice", { redrives: 2 });
  await bench.deadLetter("three times", { redrives: 3 });
  expect(await tend()).toMatchObject({ redriven: 1 });
  expect(visible()).toEqual(["three times"]);
});

test("many go in batches, and stopping half-way loses none", async () => {
  const all = Array.from({ length: 135 }, (_, number) => `event ${number}`).sort();
  for (const body of all) await bench.deadLetter(body);
  let asked = 0;
  const first = await tend({ timeLeft: () => ++asked <= 12 });
  expect(first.more).toBe(true);
  expect(first.redriven).toBeGreaterThan(0);
  expect(first.redriven).toBeLessThan(135);
  expect([...bodies("main"), ...visible()].sort()).toEqual(all);
  expect(bench.memory.deadLetters).toBeUndefined(); // half a look is none
  const second = await tend();
  expect(second).toMatchObject({ redriven: 135 - first.redriven, more: false });
  expect(bodies("main")).toEqual(all);
  expect(bench.commands.filter((command) => command === "SendMessage")).toEqual([]);
});

test("while the breaker is not closed nothing is redriven, and when it closes, at once", async () => {
  await bench.deadLetter("waits");
  const isClosed = () => Promise.resolve(false);
  expect(await tend({ isClosed })).toMatchObject({ redriven: 0, parked: 0 });
  expect(visible()).toEqual(["waits"]);
  expect(await tend({ isClosed })).toMatchObject({ redriven: 0 });
  expect(bench.commands).toEqual(["GetQueueAttributes"]); // it was looked at, and nothing can have changed
  expect(await tend()).toMatchObject({ redriven: 1 });
});

test("the breaker is asked before each receive and before each send: one that opens meanwhile ends it", async () => {
  for (let event = 0; event < 30; event++) await bench.deadLetter(`event ${event}`);
  let asked = 0;
  const result = await tend({ isClosed: () => Promise.resolve(++asked <= 10) });
  expect(result.more).toBe(true);
  expect(result.redriven).toBeLessThanOrEqual(10);
  expect(visible()).toHaveLength(30 - result.redriven);
});

test("what is left alone is hidden for a whole run, or the run would count it twice", async () => {
  await bench.deadLetter("permanent", { class: "permanent" });
  const before = Date.now();
  const deadlines: number[] = [];
  await tend({
    timeLeft: () => {
      const inFlight = bench.cloud.server.inspectQueue("events-dead-letters")?.messages.inflight ?? [];
      deadlines.push(...inFlight.map(({ visibilityDeadline }) => visibilityDeadline));
      return true;
    },
  });
  expect(deadlines.length).toBeGreaterThan(0);
  for (const deadline of deadlines) expect(deadline).toBeGreaterThanOrEqual(before + 60_000);
});

test("one that the main queue does not take as it is stays, is told once, and holds up none of the others", async () => {
  bench.cloud.server.deleteQueue("events");
  bench.cloud.server.createQueue("events", { attributes: { MaximumMessageSize: "1024" } });
  await bench.deadLetter("x".repeat(2_000));
  for (const body of ["a", "b", "c"]) await bench.deadLetter(body);
  expect(await tend()).toMatchObject({ redriven: 3 });
  expect(bodies("main")).toEqual(["a", "b", "c"]);
  expect(visible()).toHaveLength(1);
  Reflect.deleteProperty(bench.memory, "deadLetters");
  await tend();
  expect(bench.told).toMatchObject([{ message: "SQS does not take a dead letter as it is" }]);
});

test("a main queue that refuses leaves the dead letters where they are, visible", async () => {
  await bench.deadLetter("event");
  bench.refuse("SendMessageBatchCommand", awsError("AccessDenied", 403));
  await expect(tend()).rejects.toThrow("AccessDenied");
  expect(visible()).toEqual(["event"]);
});

describe("what would expire is parked", () => {
  test("from half of its retention on: for a person what is a person's, and for recovery what is its own", async () => {
    await bench.deadLetter("permanent", { class: "permanent" });
    await bench.deadLetter("exhausted");
    const isClosed = () => Promise.resolve(false);
    expect(await tend({ isClosed, now: inDays(6.9) })).toMatchObject({ parked: 0 });
    expect(visible()).toEqual(["exhausted", "permanent"]);
    expect(await tend({ isClosed, now: inDays(7.1) })).toMatchObject({ parked: 2 });
    expect(bodies("dead-letter")).toEqual([]);
    expect(await bench.parked("dead-letters")).toEqual(["permanent"]);
    expect(await bench.parked("redrivable")).toEqual(["exhausted"]);
  });

  test("stored first, deleted after: a bucket that refuses leaves it on the queue", async () => {
    await bench.deadLetter("permanent", { class: "permanent" });
    bench.refuse("PutObjectCommand", awsError("SlowDown", 503));
    await expect(tend({ now: inDays(8) })).rejects.toThrow("SlowDown");
    expect(bodies("dead-letter")).toEqual(["permanent"]);
  });

  test("killed in between, it is in both places", async () => {
    await bench.deadLetter("permanent", { class: "permanent" });
    bench.refuse("DeleteMessageBatchCommand", new Error("killed here"));
    await tend({ now: inDays(8) });
    expect(bodies("dead-letter")).toEqual(["permanent"]);
    expect(await bench.parked("dead-letters")).toEqual(["permanent"]);
  });
});

test("those beyond a thousand are parked, the thousand stay visible, and what may go back does", async () => {
  const count = MOST_LEFT_ON_QUEUE + 200;
  const entries = Array.from({ length: count }, (_, number) => `permanent ${number}`);
  await sendMessages(
    bench.cloud.sqs,
    bench.cloud.deadLetterQueueUrl,
    entries.map((body) => ({ body, attributes: toAttributes({ class: "permanent", message: "422" }) })),
  );
  for (let number = 0; number < 20; number++) await bench.deadLetter(`exhausted ${number}`);
  const result = await tend();
  expect(result).toMatchObject({ redriven: 20, more: false });
  expect(visible()).toHaveLength(MOST_LEFT_ON_QUEUE);
  expect(await bench.parked("dead-letters")).toHaveLength(200);
  // The next run has nothing to look at.
  await tend();
  expect(bench.commands).toEqual(["GetQueueAttributes"]);
});

describe("whether a look is worth it", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const retention = (14 * DAY) / 1_000;
  const last = { at: now.getTime() - 60_000, left: 5, redrivable: 0, oldestSentAt: now.getTime() - DAY };
  test.each([
    ["an empty queue", 0, undefined, true, false],
    ["nothing is known", 5, undefined, true, true],
    ["nothing is known, and the breaker is open", 5, undefined, false, true],
    ["as many as were left", 5, last, true, false],
    ["one more", 6, last, true, true],
    ["one more, but the breaker is open", 6, last, false, false],
    ["some wait for the breaker, which is closed now", 5, { ...last, redrivable: 1 }, true, true],
    ["the last look is half an hour old", 5, { ...last, at: now.getTime() - 1_800_000 }, true, true],
    ["the last look is not that old", 5, { ...last, at: now.getTime() - 1_799_000 }, true, false],
    ["the oldest is due", 5, { ...last, oldestSentAt: now.getTime() - 7 * DAY }, false, true],
    ["the oldest is not yet due", 5, { ...last, oldestSentAt: now.getTime() - 7 * DAY + 1 }, false, false],
    ["far too many, with the breaker open", MOST_LEFT_ON_QUEUE + 1, last, false, true],
  ])("%s", (_, count, memory, mayRedrive, expected) => {
    expect(isWorthALook(count, memory, mayRedrive, retention, now)).toBe(expected);
  });
});

test("binary attributes and SQS's own survive the bucket", async () => {
  await bench.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: bench.cloud.deadLetterQueueUrl,
      MessageBody: "event",
      MessageAttributes: {
        reason_class: { DataType: "String", StringValue: "permanent" },
        bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 255, 128) },
      },
    }),
  );
  await tend({ now: inDays(8) });
  const [key = ""] = await bench.cloud.keys("parked/");
  const record = JSON.parse((await bench.cloud.object(key)).bytes.toString()) as {
    attributes: Record<string, object>;
    system: Message["Attributes"];
  };
  expect(record.attributes["bytes"]).toEqual({ type: "Binary", base64: "AP+A" });
  expect(record.system?.SentTimestamp).toMatch(/^\d{13}$/);
});

describe("a message that has hardly any room", () => {
  const settings = () => ({ ...bench.settings, maxMessageBytes: 4_096 });

  test("for its redrives stays, and holds up none of the others", async () => {
    const full = "x".repeat(4_096 - 14);
    await bench.deadLetter(full, "none");
    await bench.deadLetter("other");
    expect(await tend({ settings: settings() })).toMatchObject({ redriven: 1 });
    expect(bodies("main")).toEqual(["other"]);
    expect(visible()).toEqual([full]);
  });

  test("goes back with what fits, the redrives first, and what did not fit is told", async () => {
    const body = "x".repeat(4_096 - 30);
    await bench.cloud.sqs.send(
      new SendMessageCommand({
        QueueUrl: bench.cloud.deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: { own: { DataType: "Binary", BinaryValue: Buffer.alloc(7, 1) } },
      }),
    );
    expect(await tend({ settings: settings() })).toMatchObject({ redriven: 1 });
    expect(bench.cloud.messages()).toEqual([{ body, attributes: { redrives: "1" } }]);
    expect(bench.told).toMatchObject([{ attributes_left_out: "own" }]);
  });
});
