import fc from "fast-check";
import { type EnvelopeHead, sha256 } from "../../../contract/event/envelope.ts";
import { PermanentError } from "../../../contract/event/failure.ts";
import { bindToBytes, givenName } from "../../../contract/event/identity.ts";
import { isMessageText } from "../../../contract/event/message-text.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import {
  envelopeWithPayload,
  envelopeWithReference,
  parseEvent,
} from "../../../contract/event/write-envelope.ts";
import { anyEventBytes, webhookSource } from "../../support/event-bytes.ts";

const anyText = fc.string({ unit: "binary" });
const anyNullable = fc.option(anyText);

const boundId = (id: string, bytes: string | Uint8Array) =>
  bindToBytes(givenName("webhook", [id]), sha256(bytes));

function headOf(bytes: Uint8Array, more: Partial<EnvelopeHead> = {}): EnvelopeHead {
  return {
    version: 1,
    id: "id",
    source: "webhook",
    received_at: "2026-11-24T12:00:00.000Z",
    webhook_id: null,
    webhook_name: null,
    event_type: null,
    conversation_id: null,
    occurred_at: null,
    body_sha256: sha256(bytes),
    ...more,
  };
}

test("any bytes go through an envelope and come back the same, in text that SQS takes", () => {
  fc.assert(
    fc.property(anyEventBytes, anyNullable, anyNullable, ({ bytes }, eventType, name) => {
      const envelope = envelopeWithPayload(
        headOf(bytes, { event_type: eventType, webhook_name: name }),
        bytes,
      );
      expect(isMessageText(envelope)).toBe(true);
      const event = readEnvelope(envelope);
      expect(event).toMatchObject({ id: boundId("id", bytes), source: "webhook" });
      expect("bytes" in event.body && event.body.bytes.equals(bytes)).toBe(true);
      if (eventType) expect(event.eventType).toBe(eventType);
    }),
    { numRuns: 500 },
  );
});

test("a consumer that knows the tutorial's four fields finds the event as JSON in payload", () => {
  fc.assert(
    fc.property(webhookSource, (text) => {
      const bytes = Buffer.from(text);
      const { received_at, webhook_id, webhook_name, payload } = JSON.parse(
        envelopeWithPayload(headOf(bytes, { webhook_id: "w", webhook_name: "n" }), bytes),
      );
      expect({ received_at, webhook_id, webhook_name }).toEqual({
        received_at: "2026-11-24T12:00:00.000Z",
        webhook_id: "w",
        webhook_name: "n",
      });
      expect(payload).toEqual(parseEvent(bytes)?.json);
    }),
    { numRuns: 500 },
  );
});

test("an ordinary event is carried once, not twice", () => {
  const bytes = Buffer.from('{"webhookName":"😀"}');
  expect(envelopeWithPayload(headOf(bytes), bytes)).not.toContain("payload_base64");
});

test("an event's view of its bytes may begin anywhere in its buffer", () => {
  const bytes = new Uint8Array(Buffer.from("xx\uFEFF{}xx")).subarray(2, 7);
  const { body } = readEnvelope(envelopeWithPayload(headOf(bytes), bytes));
  expect(body).toEqual({ bytes: Buffer.from("\uFEFF{}") });
});

test("a claim check names its object, and has no payload that anybody might take for an event", () => {
  const reference = { bucket: "b", key: "claim-checks/2026/11/24/k", bytes: 7 };
  const envelope = envelopeWithReference(headOf(Buffer.from("x")), reference);
  expect(readEnvelope(envelope)).toMatchObject({
    id: boundId("id", "x"),
    body: { reference, sha256: sha256("x") },
  });
  expect(JSON.parse(envelope)).toHaveProperty("payload", null);
});

describe("a reference is no address", () => {
  const claimCheck = (key: string, body_sha256: unknown = sha256("x")) =>
    JSON.stringify({ body_sha256, payload_ref: { bucket: "b", key, bytes: 7 } });

  test.each([
    ...[
      "parked/2026/x",
      "spill/events/x",
      "breaker/mapping.json",
      "x",
      "",
      "/claim-checks/x",
      "Claim-Checks/x",
    ],
    ...["claim-checks/../parked/x", "claim-checks/./x", "claim-checks//x", "claim-checks/", "claim-checks"],
  ])("to %j no claim check leads", (key) => {
    expect(() => readEnvelope(claimCheck(key))).toThrow("payload_ref does not lead to claim-checks/.");
  });

  test.each([undefined, null, "", 7, "x".repeat(64), sha256("x").toUpperCase(), `${sha256("x")}\n`])(
    "with %j for a hash there is nothing to hold its event to",
    (hash) => {
      const message = JSON.parse(claimCheck("claim-checks/x")) as object;
      expect(() => readEnvelope(JSON.stringify({ ...message, body_sha256: hash }))).toThrow("no body_sha256");
    },
  );
});

test("one id and other bytes are two events, whoever has put them on the queue", () => {
  const id = (payload: string) => readEnvelope(`{"id":"1","payload":${payload}}`).id;
  expect(id("1")).toBe(id("1"));
  expect(id("1")).not.toBe(id("2"));
});

test("a bare tutorial envelope is read, with an id of source and payload alone", () => {
  const payload = '{ "eventType":"end", "conversationId":"c", "n":1.0 }';
  const at = (time: string) =>
    `{"received_at": "2026-11-24T${time}", "webhook_id": "w", "webhook_name": "n", "payload": ${payload}}`;
  const body = at("12:00:00");
  const event = readEnvelope(body);
  expect(event).toEqual({
    id: bindToBytes("webhook*", sha256(payload)),
    source: "webhook",
    receivedAt: "2026-11-24T12:00:00.000Z",
    eventType: "end",
    conversationId: "c",
    body: { bytes: Buffer.from(payload) },
  });
  expect(readEnvelope(body)).toEqual(event);
  expect(readEnvelope(at("12:00:30")).id).toBe(event.id);
  expect(readEnvelope(body.replace("1.0", "2.0")).id).not.toBe(event.id);
});

test("a raw EventBridge event is the event itself, keyed by its own id", () => {
  const body =
    '{"version":"0","id":"e-1","detail-type":"v2.detail","time":"2026-11-24T12:00:00Z","detail":{"eventBody":{"conversationId":"c"}}} ';
  expect(readEnvelope(body)).toEqual({
    id: bindToBytes("eventbridge|e-1", sha256(body)),
    source: "eventbridge",
    receivedAt: "2026-11-24T12:00:00.000Z",
    eventType: "v2.detail",
    conversationId: "c",
    body: { bytes: Buffer.from(body) },
  });
});

test.each([
  "",
  "hello",
  "null",
  "[]",
  '"payload"',
  "{}",
  '{"detail-type":"x","detail":{}}',
  '{"payload_ref":null}',
  '{"payload_ref":{"bucket":"b","key":"k"}}',
  '{"payload_ref":{"bucket":"b","key":1,"bytes":1}}',
  '{"__proto__":{"payload":1}}',
])("%j is no envelope, and never will be", (body) => {
  expect(() => readEnvelope(body)).toThrow(PermanentError);
});

test("an unknown source counts as the tutorial's webhook", () => {
  expect(readEnvelope('{"source":"constructor","payload":{}}').source).toBe("webhook");
  expect(readEnvelope('{"source":"open-messaging","payload":{}}').source).toBe("open-messaging");
});

test("whatever lies on the queue, reading it succeeds or says that it never will", () => {
  const member = fc.constantFrom(
    "id",
    "detail-type",
    "detail",
    "payload",
    "payload_ref",
    "payload_base64",
    "source",
    "body_sha256",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.dictionary(member, fc.jsonValue()).map((value) => JSON.stringify(value)),
        anyText,
      ),
      (body) => {
        try {
          readEnvelope(body);
        } catch (error) {
          expect(error).toBeInstanceOf(PermanentError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
