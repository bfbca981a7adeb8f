import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, type RequestOptions, signed } from "../../support/lambda-events.ts";
import { proxyEvents } from "../../support/proxy-events.ts";
import { apiKey, integrationId, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

const callers = Object.entries(proxyEvents);
const text = '{"webhookName":"ended","n":1.0,"smile":"\u{1F600}"}';
const binary = Buffer.from([...Buffer.from('{"webhookName":"'), 0xef, 0xbf, 0xbf, ...Buffer.from('"}')]);

/** The bytes of all events that were stored. */
const stored = () =>
  bench.cloud.messages().map(({ body }) => {
    const event = readEnvelope(body).body;
    return "bytes" in event ? event.bytes.toString("hex") : "";
  });

describe.each(callers)("%s", (_, toEvent) => {
  test.each<[string, RequestOptions, Buffer]>([
    ["text", { body: text, headers: signed(text, secret) }, Buffer.from(text)],
    ["text in base64", { body: text, base64: true, headers: signed(text, secret) }, Buffer.from(text)],
    ["bytes", { body: binary, headers: signed(binary, secret) }, binary],
  ])("a signed event (%s) is stored to the byte", async (_name, options, bytes) => {
    expect(await bench.start()(toEvent(options))).toMatchObject({
      statusCode: 200,
      body: '{"status":"accepted"}',
    });
    expect(stored()).toEqual([bytes.toString("hex")]);
  });

  test("an event of an integration is stored, one of another is not", async () => {
    const body = '{"id":"m-1","type":"Text","channel":{"id":"c-1","time":"2026-11-24T12:00:00Z"}}';
    const path = "/open-messaging/{integrationId}";
    const event = (integration: string) =>
      toEvent({ path, pathParameters: { integrationId: integration }, body, headers: signed(body, secret) });
    const receive = bench.start();
    expect((await receive(event(integrationId))).statusCode).toBe(200);
    expect((await receive(event("webhook"))).statusCode).toBe(401);
    expect(stored()).toHaveLength(1);
  });

  test("a shared secret counts, whatever the case of its header's name", async () => {
    const event = toEvent({
      path: "/data-action",
      body: '{"topicName":"t"}',
      headers: { "x-api-key": apiKey },
    });
    expect((await bench.start()(event)).statusCode).toBe(200);
  });

  test("a wrong signature, an unknown path and another method are turned away", async () => {
    const receive = bench.start();
    const status = async (options: RequestOptions) => (await receive(toEvent(options))).statusCode;
    expect(await status({ body: text, headers: signed(text, "another") })).toBe(401);
    expect(await status({ body: text })).toBe(401);
    expect(await status({ path: "/nowhere", body: text, headers: signed(text, secret) })).toBe(404);
    expect(await status({ method: "GET" })).toBe(405);
    expect(stored()).toEqual([]);
  });

  test("a preflight is answered as the tutorial answers it, for the source that a browser may call", async () => {
    const receive = bench.start();
    const answer = await receive(toEvent({ method: "OPTIONS" }));
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST,OPTIONS",
      "access-control-allow-headers":
        "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Hub-Signature-256",
    };
    expect(answer).toMatchObject({ statusCode: 200, body: "" });
    expect(answer.headers ?? flat(answer.multiValueHeaders)).toEqual(headers);
    expect((await receive(toEvent({ method: "OPTIONS", path: "/data-action" }))).statusCode).toBe(405);
  });
});

function flat(lists: Readonly<Record<string, readonly string[]>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.join()]));
}

test("the origins of the configuration alone are allowed", async () => {
  const receive = bench.start({ corsOrigins: ["https://a.example", "https://b.example"] });
  const allowed = async (headers: Record<string, string>) => {
    const answer = await receive(httpEvent({ method: "OPTIONS", headers }));
    const { "access-control-allow-origin": origin, vary } = answer.headers ?? {};
    return [origin, vary]; // a cache may not give one origin's answer to another
  };
  expect(await allowed({ origin: "https://b.example" })).toEqual(["https://b.example", "Origin"]);
  expect(await allowed({ origin: "https://c.example" })).toEqual([undefined, "Origin"]);
  expect(await allowed({})).toEqual([undefined, "Origin"]);
});

test("a load balancer is answered in its own shape", async () => {
  const { [callers.at(-2)?.[0] ?? ""]: plain, [callers.at(-1)?.[0] ?? ""]: lists } = proxyEvents;
  const receive = bench.start();
  const options = { body: text, headers: signed(text, "another") };
  expect(await receive(plain?.(options))).toEqual({
    statusCode: 401,
    statusDescription: "401 Unauthorized",
    headers: { "content-type": "application/json" },
    body: '{"message":"Unauthorized"}',
    isBase64Encoded: false,
  });
  expect(await receive(lists?.(options))).toMatchObject({
    statusCode: 401,
    multiValueHeaders: { "content-type": ["application/json"] },
  });
});

test("a header that is there twice counts as one with both values, and so proves nothing", async () => {
  const { "a REST API": toEvent } = proxyEvents;
  const event = toEvent?.({ body: text, headers: signed(text, secret) }) ?? {};
  const lists = event["multiValueHeaders"] as Record<string, string[]>;
  lists["X-Hub-Signature-256"]?.unshift("sha256=planted");
  expect((await bench.start()(event)).statusCode).toBe(401);
});

test.each<[string, unknown, string]>([
  ["an event of SQS", { Records: [{ body: "planted" }] }, "Records"],
  ["a console's test", { key1: "planted", "key 2": "planted" }, "key?2,key1"],
  ["a body that is parsed already", { ...httpEvent(), body: { webhookName: "planted" } }, "body,headers,"],
  ["an event of EventBridge", { "detail-type": "planted", source: "planted" }, "detail-type,source"],
  ["a list", ["planted"], "array"],
  ["a text", "planted", "string"],
  ["nothing", null, "null"],
  ["nothing at all", undefined, "undefined"],
])(
  "what is not understood (%s) is 503, and the log names its shape and nothing else of it",
  async (_, event, shape) => {
    expect(await bench.start()(event)).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
    expect(logs.logs()).toEqual([
      expect.objectContaining({
        message: "Request rejected",
        reason: "not-understood",
        shape: expect.stringContaining(shape),
      }),
    ]);
    expect(logs.text()).not.toContain("planted");
    expect(stored()).toEqual([]);
  },
);
