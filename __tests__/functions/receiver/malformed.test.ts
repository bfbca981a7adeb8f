import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { integrationId, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

const notJson = "Not JSON in UTF-8.";
const otherShape = "JSON, but no webhook event.";

test.each<[string, Buffer, string]>([
  ["no body at all", Buffer.alloc(0), notJson],
  ["no JSON", Buffer.from("hello"), notJson],
  ["JSON cut off", Buffer.from('{"webhookName":"x"'), notJson],
  ["two JSON texts", Buffer.from("{}{}"), notJson],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), notJson],
  ["an overlong encoding", Buffer.from([0x22, 0xc0, 0x80, 0x22]), notJson],
  ["NUL bytes", Buffer.from("\0\0"), notJson],
  ["an object without webhookName", Buffer.from('{"webhookname":"x"}'), otherShape],
  ["a webhookName that is only inherited", Buffer.from('{"__proto__":{"webhookName":"x"}}'), otherShape],
  ["an array", Buffer.from('[{"webhookName":"x"}]'), otherShape],
  ["a number", Buffer.from("1e999"), otherShape],
  ["null", Buffer.from("null"), otherShape],
  ["a text", Buffer.from('"\uFFFF"'), otherShape],
])("%s, well signed: acknowledged, and kept as a dead letter to the byte", async (_, body, message) => {
  const result = await bench.start()(
    httpEvent({ ...(body.length === 0 ? {} : { body }), headers: signed(body, secret) }),
  );
  expect([result.statusCode, result.body]).toEqual([200, '{"status":"accepted"}']);
  expect(bench.cloud.messages()).toEqual([]);
  const [deadLetter, ...others] = bench.cloud.messages("dead-letter");
  expect(others).toEqual([]);
  const event = readEnvelope(deadLetter?.body ?? "");
  expect(event.body).toEqual({ bytes: body });
  expect(deadLetter?.attributes).toEqual({
    reason_class: "malformed",
    reason_message: message,
    attempts: "0",
    first_attempt_at: event.receivedAt,
    last_attempt_at: event.receivedAt,
    source: "webhook",
    event_id: event.id,
    redrives: "0",
  });
  expect(logs.metric("EventsMalformed")).toBe(1);
  expect(logs.metric("EventsAccepted")).toBe(1);
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: "Malformed event kept as a dead letter",
      event_id: event.id,
      reason: message,
    }),
  ]);
});

test.each([
  '{"id":"1","type":"Text"}',
  '{"id":"1","channel":{}}',
  '{"type":"Text","channel":{}}',
  '{"id":1,"type":"Text","channel":{}}',
  '{"id":"1","type":"Text","channel":[]}',
])("an Open Messaging event without id, type or channel (%s) is malformed", async (body) => {
  await bench.start()(
    httpEvent({
      path: "/open-messaging/{integrationId}",
      pathParameters: { integrationId },
      body,
      headers: signed(body, secret),
    }),
  );
  expect(bench.cloud.messages()).toEqual([]);
  expect(bench.cloud.messages("dead-letter")).toHaveLength(1);
});

test("malformed and badly signed is not kept", async () => {
  expect(
    (await bench.start()(httpEvent({ body: "hello", headers: signed("hello", "another") }))).statusCode,
  ).toBe(401);
  expect(bench.cloud.messages("dead-letter")).toEqual([]);
});
