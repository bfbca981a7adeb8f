import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, receivedAgain, timeLeft } from "../../support/processor.ts";

const bench = processorBench();
const logs = capturedLogs();
const LIMIT = 4_096;

beforeAll(() => resizeQueues(LIMIT));

async function resizeQueues(bytes: number) {
  for (const QueueUrl of [bench.cloud.queueUrl, bench.cloud.deadLetterQueueUrl]) {
    const Attributes = { MaximumMessageSize: String(bytes) };
    await bench.cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }
}

/** Delivers an envelope of exactly so many bytes, with attributes of its producer. */
async function deliver(bytes: number, own: Readonly<Record<string, string | Buffer>> = {}, count = 1) {
  const empty = envelopeFor('{"a":""}', { id: "id-1" }).length;
  await bench.send(envelopeFor(`{"a":"${"x".repeat(bytes - empty)}"}`, { id: "id-1" }));
  const event = receivedAgain(await bench.receive(), count);
  for (const record of event.Records) {
    record.messageAttributes = Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        typeof value === "string"
          ? { dataType: "String", stringValue: value }
          : { dataType: "Binary", binaryValue: value.toString("base64") },
      ]),
    );
  }
  const handler = bench.start({ maxMessageBytes: LIMIT });
  const { batchItemFailures } = await handler(event, timeLeft());
  return batchItemFailures.length;
}

const eleven = Object.fromEntries("abcdefghijk".split("").map((name) => [name, name]));

describe("a dead letter", () => {
  beforeEach(() => {
    bench.destination.answer = () => ({ status: 422, body: "y".repeat(200) });
  });

  test("keeps as much of its message as fits", async () => {
    expect(await deliver(LIMIT - 400)).toBe(0);
    const [letter] = bench.cloud.messages("dead-letter");
    expect(letter?.attributes).toMatchObject({ reason_class: "permanent", attempts: "1" });
    expect(letter?.attributes["event_id"]).toContain("id-1");
    expect(letter?.attributes["reason_message"]).toMatch(/^The destination answered 422\. y+$/);
  });

  test("too full for its reason still has class and status", async () => {
    expect(await deliver(LIMIT - 49)).toBe(0);
    expect(bench.cloud.messages("dead-letter")[0]?.attributes).toEqual({
      reason_class: "permanent",
      reason_status: "422",
    });
  });

  test("is left to SQS's redrive policy where not even those fit", async () => {
    expect(await deliver(LIMIT - 48)).toBe(1);
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
  });

  test("takes along what fits of its producer's attributes, and the log names the rest", async () => {
    expect(await deliver(1_000, eleven)).toBe(0);
    expect(logs.logs()).toContainEqual(
      expect.objectContaining({ attributes_left_out: "b,c,d,e,f,g,h,i,j,k" }),
    );
    const [letter] = bench.cloud.messages("dead-letter");
    expect(Object.keys(letter?.attributes ?? {})).toHaveLength(10);
    expect(letter?.attributes).toMatchObject({ reason_class: "permanent", a: "a" });
  });
});

describe("an event that is put back", () => {
  beforeEach(async () => {
    const store = new BreakerStore(bench.state.client, bench.state.table, {
      baseSeconds: 60,
      capSeconds: 60,
    });
    await store.tell({ kind: "outage", reason: "503" });
    bench.destination.answer = () => ({ status: 503 });
  });

  test("keeps bytes as bytes, and never more than ten attributes", async () => {
    const bytes = Buffer.from([0, 255, 128]);
    expect(await deliver(1_000, { ...eleven, "00-bytes": bytes }, 5)).toBe(0);
    const { delayed = [] } = bench.cloud.server.inspectQueue("events")?.messages ?? {};
    const copy = delayed.find(({ messageAttributes }) => messageAttributes["event_id"] !== undefined);
    const kept = copy?.messageAttributes ?? {};
    expect(Object.keys(kept)).toHaveLength(10);
    expect(kept["00-bytes"]?.DataType).toBe("Binary");
    expect(kept["00-bytes"]?.BinaryValue).toBe(bytes.toString("base64"));
  });

  test("never grows beyond what the queue takes", async () => {
    expect(await deliver(LIMIT - 30, {}, 5)).toBe(0);
    const copy = bench.cloud.messages().find(({ attributes }) => attributes["attempts"] !== undefined);
    expect(copy?.attributes).toMatchObject({ attempts: "0" }); // it was deferred, five times
    expect(copy?.attributes).not.toHaveProperty("source");
  });
});
