import fc from "fast-check";
import { sha256 } from "../../../contract/event/envelope.ts";
import { messageBytes } from "../../../contract/event/message-text.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import type { ReceiverSettings } from "../../../functions/receiver/settings.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

async function send(body: string | Buffer, settings: Partial<ReceiverSettings> = {}) {
  const result = await bench.start(settings)(httpEvent({ body, headers: signed(body, secret) }));
  expect(result.statusCode).toBe(200);
}

/** The bytes that an envelope stands for, and what its message says. */
async function delivered(queue: "main" | "dead-letter" = "main") {
  const [message, ...others] = bench.cloud.messages(queue);
  expect(others).toEqual([]);
  const event = readEnvelope(message?.body ?? "");
  const reference = "reference" in event.body ? event.body.reference : undefined;
  const bytes =
    "bytes" in event.body ? event.body.bytes : (await bench.cloud.object(reference?.key ?? "")).bytes;
  return { message, event, reference, bytes };
}

describe("at the limit, counted in UTF-8 bytes", () => {
  // Multi-byte text: a count of characters would be off by thousands.
  const bodyOf = (filler: number) =>
    `{"webhookName":"😀ü漢","text":"${"漢".repeat(20_000)}${"x".repeat(filler)}"}`;

  test.each([
    [-1, false],
    [0, false],
    [1, true],
  ])("the limit and %d", async (off, claimChecked) => {
    await send(bodyOf(0));
    const envelope = bench.cloud.messages()[0]?.body ?? "";
    const maxMessageBytes = messageBytes(envelope) + 100;
    bench.cloud.reset();
    const body = bodyOf(100 + off);
    await send(body, { maxMessageBytes });
    const { message, reference, bytes } = await delivered();
    expect(reference !== undefined).toBe(claimChecked);
    if (!claimChecked) expect(messageBytes(message?.body ?? "")).toBe(maxMessageBytes + off);
    expect(bytes.equals(Buffer.from(body))).toBe(true);
    expect(logs.metric("EventsClaimChecked")).toBe(claimChecked ? 1 : 0);
  });

  test.each([
    [0, false],
    [1, true],
  ])("a dead letter's attributes count too (the limit and %d)", async (off, claimChecked) => {
    const malformed = (filler: number) => `["${"漢".repeat(1_000)}${"x".repeat(filler)}"]`;
    await send(malformed(0));
    const [message] = bench.cloud.messages("dead-letter");
    const attributes = Object.entries(message?.attributes ?? {}).map(
      ([name, StringValue]) => [name, { DataType: "String", StringValue }] as const,
    );
    expect(attributes).toHaveLength(8);
    const maxMessageBytes = messageBytes(message?.body ?? "", Object.fromEntries(attributes)) + 100;
    bench.cloud.reset();
    const body = malformed(100 + off);
    await send(body, { maxMessageBytes });
    const { reference, bytes } = await delivered("dead-letter");
    expect(reference !== undefined).toBe(claimChecked);
    expect(bytes.equals(Buffer.from(body))).toBe(true);
  });

  test("nothing that an event says makes its head too big for the queue", async () => {
    const huge = "漢😀".repeat(100_000);
    const body = JSON.stringify({
      webhookName: huge,
      webhookId: huge,
      eventType: huge,
      conversationId: huge,
      timestamp: huge,
    });
    await send(body, { maxMessageBytes: 16_384 });
    const { message, bytes } = await delivered();
    expect(messageBytes(message?.body ?? "")).toBeLessThan(16_384);
    expect(bytes.equals(Buffer.from(body))).toBe(true);
  });
});

test("a claim check's object lies under its day, with its hash as metadata", async () => {
  const body = JSON.stringify({ webhookName: "x".repeat(2_000) });
  await send(body, { maxMessageBytes: 2_000 });
  const { reference } = await delivered();
  expect(reference).toEqual({
    bucket: bench.cloud.bucket,
    key: expect.stringMatching(/^claim-checks\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{64}$/),
    bytes: Buffer.byteLength(body),
  });
  expect(await bench.cloud.keys()).toEqual([reference?.key]);
  expect((await bench.cloud.object(reference?.key ?? "")).metadata).toEqual({ "body-sha256": sha256(body) });
});

describe("drop-fields", () => {
  const dropping = (...paths: string[]) => ({
    maxMessageBytes: 2_000,
    onOversize: { kind: "drop-fields", paths } as const,
  });
  const transcript = "word ".repeat(1_000);

  test("drops no more than needed, in order, and marks the envelope", async () => {
    const body = { webhookName: "ended", a: "kept? no", detail: { transcript, other: 1 }, b: "kept" };
    await send(JSON.stringify(body), dropping("missing", "detail.nothing", "a", "detail.transcript", "b"));
    const { message, bytes } = await delivered();
    expect(JSON.parse(bytes.toString())).toEqual({ webhookName: "ended", detail: { other: 1 }, b: "kept" });
    const envelope = JSON.parse(message?.body ?? "");
    expect(envelope.dropped_fields).toEqual(["a", "detail.transcript"]);
    expect(envelope.body_sha256).toBe(sha256(bytes));
    expect(await bench.cloud.keys()).toEqual([]);
  });

  test("keeps the id of the event as it came", async () => {
    const sources = bench.settings.sources.map((source) => ({ ...source, dedupePath: "id" }));
    const body = JSON.stringify({ webhookName: "ended", id: "1", transcript });
    await send(body, { ...dropping("transcript"), sources });
    await send(body, { sources });
    const bodies = bench.cloud.messages().map((message) => message.body);
    const [dropped, whole] = bodies.map(readEnvelope);
    expect(dropped?.id).toBe(whole?.id);
    const hashes = bodies.map((each) => (JSON.parse(each) as { body_sha256: string }).body_sha256);
    expect(new Set(hashes).size).toBe(2);
  });

  test("leaves an event that fits alone", async () => {
    const body = '{ "webhookName":"ended", "transcript":1.0 }';
    await send(body, dropping("transcript"));
    expect((await delivered()).bytes.toString()).toBe(body);
  });

  test.each([
    ["not enough can be dropped", `{"webhookName":"ended","big":"${transcript}","a":1}`],
    [
      "the event is nested too deep to be written anew",
      `{"webhookName":"ended","a":1,"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    ],
  ])("claim check where %s", async (_, body) => {
    await send(body, dropping("a"));
    const { reference, bytes } = await delivered();
    expect(reference).toBeDefined();
    expect(bytes.equals(Buffer.from(body))).toBe(true);
  });

  test("drops nothing from a malformed event", async () => {
    const body = JSON.stringify({ transcript });
    await send(body, dropping("transcript"));
    expect((await delivered("dead-letter")).bytes.toString()).toBe(body);
  });

  test("paths through __proto__ and constructor touch the event alone", async () => {
    const body = `{"webhookName":"ended","__proto__":{"toString":"${transcript}"},"constructor":{"prototype":1}}`;
    await send(body, dropping("constructor.prototype", "__proto__.toString"));
    expect((await delivered()).bytes.toString()).toBe(
      '{"webhookName":"ended","__proto__":{},"constructor":{}}',
    );
    expect(typeof Object.prototype.toString).toBe("function");
  });
});

test("whatever the size, nothing goes to the queue that is larger than the limit", async () => {
  const receive = bench.start({ maxMessageBytes: 4_096 });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 900, maxLength: 1_300 }), async (text) => {
      bench.cloud.reset();
      const body = JSON.stringify({ webhookName: "any", text, more: "漢".repeat(300) });
      expect((await receive(httpEvent({ body, headers: signed(body, secret) }))).statusCode).toBe(200);
      const { message, bytes } = await delivered();
      expect(messageBytes(message?.body ?? "")).toBeLessThanOrEqual(4_096);
      expect(bytes.toString()).toBe(body);
    }),
    { numRuns: 100 },
  );
});
