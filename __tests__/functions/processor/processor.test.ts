import { PutObjectCommand } from "@aws-sdk/client-s3";
import { sha256 } from "../../../contract/event/envelope.ts";
import { envelopeWithReference } from "../../../contract/event/write-envelope.ts";
import { logMessages } from "../../../contract/log-messages.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor, headFor, idFor } from "../../support/envelopes.ts";
import { type ProcessorBench, processorBench, receivedAgain, timeLeft } from "../../support/processor.ts";

const bench = processorBench();
const logs = capturedLogs();

const none = { batchItemFailures: [] };
const all = (event: { Records: { messageId: string }[] }) => ({
  batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});
const closedPort = "http://127.0.0.1:9"; // discard: nobody listens

/** Sends one message and hands it to a processor as its `count`th receive. */
async function process(
  body: string,
  options: {
    readonly attributes?: Readonly<Record<string, string>>;
    readonly count?: number;
    readonly handler?: ReturnType<ProcessorBench["start"]>;
  } = {},
) {
  const { attributes, count = 1, handler = bench.start() } = options;
  await bench.send(body, attributes);
  const event = receivedAgain(await bench.receive(), count);
  expect(event.Records).toHaveLength(1);
  return { event, response: await handler(event, timeLeft()) };
}

test("an event is delivered, with its id as Idempotency-Key, and told of", async () => {
  const body = envelopeFor('{"a": 1.0}', { id: "id-1" });
  const { response } = await process(body);
  expect(response).toEqual(none);
  expect(bench.destination.requests).toHaveLength(1);
  expect(bench.destination.requests[0]?.body.toString()).toBe('{"a": 1.0}');
  expect(bench.destination.requests[0]?.headers).toMatchObject({
    "idempotency-key": idFor("id-1", '{"a": 1.0}'),
    "x-event-id": idFor("id-1", '{"a": 1.0}'),
    "x-event-source": "webhook",
    "x-event-type": "conversation:ended",
    "x-attempt": "1",
  });
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: logMessages.delivered,
      level: "INFO",
      event_id: idFor("id-1", '{"a": 1.0}'),
      event_type: "conversation:ended",
      status: 200,
    }),
  ]);
  expect(logs.metric("EventsDelivered")).toBe(1);
  expect(logs.lines().filter((line) => "EventsRetried" in line || "OldestUndeliveredAge" in line)).toEqual(
    [],
  );
});

test.each([
  ["emoji and big numbers", Buffer.from('{"s":"😀","n":12345678901234567890,"n":1.0}\n')],
  ["a byte order mark", Buffer.from('\uFEFF {"a":1}')],
  ["characters that SQS refuses", Buffer.from('{"a":"\uFFFE\uFFFF"}')],
  ["no UTF-8 at all", Buffer.from([0x7b, 0xff, 0x00, 0x7d])],
  ["white space around", Buffer.from(" \n{}\t ")],
])("byte for byte: %s", async (_, bytes) => {
  expect((await process(envelopeFor(bytes))).response).toEqual(none);
  expect(bench.destination.requests[0]?.body.equals(bytes)).toBe(true);
});

test("the tutorial's bare envelope is delivered, under one id however often it comes", async () => {
  const body = JSON.stringify({
    received_at: "2026-11-24T12:00:00Z",
    webhook_id: "w-1",
    webhook_name: "n",
    payload: { eventType: "conversation:analytics:summary", conversationId: "c-1" },
  });
  await process(body);
  bench.cloud.reset();
  await process(body);
  const [one, other] = bench.destination.requests;
  expect(JSON.parse(one?.body.toString() ?? "")).toEqual({
    eventType: "conversation:analytics:summary",
    conversationId: "c-1",
  });
  expect(one?.headers["x-event-type"]).toBe("conversation:analytics:summary");
  expect(one?.headers["idempotency-key"]).toMatch(/^webhook\*~[0-9a-f]{32}$/);
  expect(other?.headers["idempotency-key"]).toBe(one?.headers["idempotency-key"]);
});

test("a raw EventBridge event is delivered under its own id", async () => {
  const body = JSON.stringify({
    version: "0",
    id: "eb-1",
    "detail-type": "v2.detail.events.conversation.{id}.user.end",
    time: "2026-11-24T12:00:00Z",
    detail: { eventBody: { conversationId: "c-1" } },
  });
  expect((await process(body)).response).toEqual(none);
  expect(bench.destination.requests[0]).toMatchObject({
    body: Buffer.from(body),
    headers: {
      "idempotency-key": `eventbridge|eb-1~${sha256(body).slice(0, 32)}`,
      "x-event-source": "eventbridge",
    },
  });
});

describe("claim check", () => {
  const bytes = Buffer.from(`{"long":"${"😀".repeat(100_000)}"}`);
  const reference = { bucket: "overflow", key: "claim-checks/x", bytes: bytes.length };
  const store = (Body: Buffer) =>
    bench.cloud.s3.send(new PutObjectCommand({ Bucket: reference.bucket, Key: reference.key, Body }));

  test("the bytes come from the bucket", async () => {
    await store(bytes);
    expect((await process(envelopeWithReference(headFor(bytes), reference))).response).toEqual(none);
    expect(bench.destination.requests[0]?.body.equals(bytes)).toBe(true);
  });

  test.each([
    ["an object that is gone", undefined, "The event is no longer in the overflow bucket."],
    ["another object", Buffer.from("{}"), "The event in the overflow bucket is not the one that was stored."],
  ])("%s is a permanent failure", async (_, stored, message) => {
    if (stored) await store(stored);
    expect((await process(envelopeWithReference(headFor(bytes), reference))).response).toEqual(none);
    expect(bench.destination.requests).toEqual([]);
    expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({
      reason_class: "permanent",
      reason_message: message,
    });
  });

  test.each([
    [
      "another bucket",
      { ...reference, bucket: "somebody-elses" },
      {},
      "permanent",
      /leads to a bucket that is not/,
    ],
    [
      "another folder of ours",
      { ...reference, key: "parked/x" },
      {},
      "malformed",
      /does not lead to claim-checks/,
    ],
    ["bytes that it does not vouch for", reference, { body_sha256: "" }, "malformed", /no body_sha256/],
  ])(
    "a reference to %s is followed by nobody: it is a dead letter",
    async (_, elsewhere, head, kind, why) => {
      bench.cloud.server.createBucket("somebody-elses");
      const place = { Bucket: elsewhere.bucket, Key: elsewhere.key };
      await bench.cloud.s3.send(new PutObjectCommand({ ...place, Body: bytes }));
      const { response } = await process(envelopeWithReference(headFor(bytes, head), elsewhere));
      expect(response).toEqual(none);
      expect(bench.destination.requests).toEqual([]);
      expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({
        reason_class: kind,
        reason_message: expect.stringMatching(why),
        attempts: "0",
      });
    },
  );

  test("a bucket out of reach means again", async () => {
    const handler = bench.start({}, { bucket: closedPort });
    const { event, response } = await process(envelopeWithReference(headFor(bytes), reference), { handler });
    expect(response).toEqual(all(event));
    expect(logs.logs().at(-1)).toMatchObject({
      reason: "The event could not be read from the overflow bucket.",
    });
  });
});

/** The one message is hidden for so many seconds, less what the test has taken. */
function expectHidden(seconds: number) {
  const [hidden = 0, ...others] = bench.hiddenSeconds().values();
  expect(others).toEqual([]);
  expect(hidden).toBeLessThanOrEqual(seconds);
  expect(hidden).toBeGreaterThan(seconds - 100);
}

test("a transient failure is hidden for its back-off and reported", async () => {
  bench.destination.answer = () => ({
    status: 503,
    headers: { "retry-after": "1000" },
    body: "planted answer",
  });
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const body = envelopeFor("{}", { id: "id-1", received_at: anHourAgo });
  const { event, response } = await process(body, { count: 2 });
  expect(response).toEqual(all(event));
  expectHidden(1_000);
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: logMessages.retryLater,
      level: "WARN",
      event_id: idFor("id-1"),
      class: "transient",
      status: 503,
      attempt: 1,
      next_attempt_seconds: 1_000,
      reason: "The destination answered 503.",
    }),
  ]);
  expect(logs.text()).not.toContain("planted");
  expect(logs.metric("EventsRetried")).toBe(1);
  const age = logs.metric("OldestUndeliveredAge");
  expect(age).toBeGreaterThanOrEqual(3_600_000);
  expect(age).toBeLessThan(4_200_000);
});

test("without Retry-After it comes back within the back-off", async () => {
  bench.destination.answer = () => ({ status: 500 });
  await process(envelopeFor("{}"));
  const [seconds = 0] = bench.hiddenSeconds().values(); // after 0 s it is no longer hidden
  expect(seconds).toBeLessThanOrEqual(30);
});

test("when the visibility cannot be changed, the queue's own applies and nothing else changes", async () => {
  bench.destination.answer = () => ({ status: 503 });
  await bench.send(envelopeFor("{}"));
  const event = await bench.receive();
  const [record] = event.Records;
  if (record) record.receiptHandle = "not a handle of this queue";
  expect(await bench.start()(event, timeLeft())).toEqual(all(event));
  expectHidden(180);
  const [line] = logs.logs();
  expect(line).toMatchObject({ message: logMessages.retryLater, visibility_unchanged: expect.any(String) });
  expect(line).not.toHaveProperty("next_attempt_seconds");
});

test("a permanent failure is a dead letter at once, with its reason and the message as it came", async () => {
  bench.destination.answer = () => ({ status: 422, body: "the customer is unknown" });
  const body = envelopeFor('{"a": "\uFFFF"}', { id: "id-1" });
  const { response } = await process(body);
  expect(response).toEqual(none);
  const [deadLetter, ...others] = bench.cloud.messages("dead-letter");
  expect(others).toEqual([]);
  expect(deadLetter?.body).toBe(body);
  expect(deadLetter?.attributes).toEqual({
    reason_class: "permanent",
    reason_status: "422",
    reason_message: "The destination answered 422. the customer is unknown",
    attempts: "1",
    first_attempt_at: expect.stringMatching(/^\d{4}-.*Z$/),
    last_attempt_at: expect.stringMatching(/^\d{4}-.*Z$/),
    source: "webhook",
    event_id: idFor("id-1", '{"a": "\uFFFF"}'),
    redrives: "0",
  });
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: logMessages.deadLettered,
      level: "ERROR",
      event_id: idFor("id-1", '{"a": "\uFFFF"}'),
      class: "permanent",
      status: 422,
      reason: "The destination answered 422.",
    }),
  ]);
  const counted = logs.lines().filter((line) => "EventsDeadLettered" in line);
  expect(counted.map((line) => line["class"])).toEqual(expect.arrayContaining([undefined, "permanent"]));
});

test.each([
  [4, "again"],
  [5, "exhausted"],
  [6, "exhausted"],
])("a transient failure on receive %i is %s while others succeed", async (count, expected) => {
  await bench.othersSucceed();
  bench.destination.answer = () => ({ status: 503 });
  const attributes = { attempts: String(count - 1) };
  const { event, response } = await process(envelopeFor("{}"), { attributes, count });
  expect(response).toEqual(expected === "again" ? all(event) : none);
  expect(bench.cloud.messages("dead-letter").map(({ attributes }) => attributes["reason_class"])).toEqual(
    expected === "again" ? [] : ["exhausted"],
  );
});

test.each([5, 6, 500])(
  "where nothing succeeds, receive %i is not the last: the event is sent anew",
  async (count) => {
    bench.destination.answer = () => ({ status: 503, headers: { "retry-after": "800" } });
    const given = { attempts: String(count - 1) };
    const { response } = await process(envelopeFor("{}", { id: "id-1" }), { attributes: given, count });
    expect(response).toEqual(none);
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
    const copies = bench.cloud
      .messages()
      .filter(({ attributes }) => attributes["event_id"] === idFor("id-1"));
    expect(copies.map(({ attributes }) => attributes["attempts"])).toEqual([String(count)]);
    expect(logs.logs()).toMatchObject([
      {
        message: logMessages.requeued,
        reason: "The destination answered 503.",
        next_attempt_seconds: expect.any(Number),
      },
    ]);
    expect(Number(logs.logs()[0]?.["next_attempt_seconds"])).toBeGreaterThanOrEqual(800);
  },
);

test("what an earlier life has recorded goes on counting", async () => {
  await bench.othersSucceed();
  bench.destination.answer = () => ({ status: 503 });
  const first = "2026-11-20T08:00:00.000Z";
  const attributes = { attempts: "5", redrives: "2", first_attempt_at: first };
  await process(envelopeFor("{}", { id: "lived" }), { attributes, count: 5 });
  expect(bench.destination.requests[0]?.headers["x-attempt"]).toBe("6");
  expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({
    attempts: "6",
    redrives: "2",
    first_attempt_at: first,
  });
});

test("attributes that anybody may have written break nothing", async () => {
  bench.destination.answer = () => ({ status: 400 });
  const attributes = { attempts: "-7", redrives: "many", first_attempt_at: "yesterday" };
  await process(envelopeFor("{}"), { attributes });
  expect(bench.cloud.messages("dead-letter")[0]?.attributes).toMatchObject({
    attempts: "1",
    redrives: "0",
    first_attempt_at: expect.stringMatching(/^20/),
  });
});

test.each([
  ["no JSON", "hello"],
  ["no envelope", '{"a":1}'],
  ["no object", "[1]"],
])("a message that is %s is a dead letter of class malformed", async (_, body) => {
  expect((await process(body)).response).toEqual(none);
  expect(bench.destination.requests).toEqual([]);
  const [deadLetter] = bench.cloud.messages("dead-letter");
  expect(deadLetter?.body).toBe(body);
  expect(deadLetter?.attributes).toMatchObject({ reason_class: "malformed", event_id: sha256(body) });
});

test.each([
  ["permanent", 422, 1],
  ["exhausted", 503, 5],
])("a %s one whose dead letter cannot be sent comes again", async (reason, status, count) => {
  await bench.othersSucceed();
  bench.destination.answer = () => ({ status });
  const { deadLetterQueueUrl } = bench.settings;
  const handler = bench.start({ deadLetterQueueUrl: `${deadLetterQueueUrl}-gone` });
  const { event, response } = await process(envelopeFor("{}", { id: "id-1" }), { handler, count });
  expect(response).toEqual(all(event));
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: logMessages.deadLetterFailed,
      event_id: idFor("id-1"),
      class: reason,
    }),
  ]);
});

test("a destination's URL never shows in a log line or a dead letter", async () => {
  const url = `http://user:planted-password@127.0.0.1:9/?code=planted-code`;
  const handler = bench.start({ destination: { ...bench.http, url } });
  await process(envelopeFor("{}"), { handler, count: 5 });
  expect(logs.logs()).toHaveLength(1);
  expect(logs.text()).not.toContain("planted");
  expect(JSON.stringify(bench.cloud.messages("dead-letter"))).not.toContain("planted");
});
