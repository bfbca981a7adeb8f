import { createHash } from "node:crypto";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { metrics } from "../../../contract/metrics.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { apiKey, integrationId, receiverBench, secret, statusAndBody } from "../../support/receiver.ts";

const accepted = [200, '{"status":"accepted"}'];
const bench = receiverBench();
const logs = capturedLogs();

/** The one event on the main queue. */
function onlyEvent() {
  const [message, ...others] = bench.cloud.messages();
  expect(others).toEqual([]);
  return { event: readEnvelope(message?.body ?? ""), envelope: JSON.parse(message?.body ?? "null") };
}

test("a webhook becomes an envelope with the tutorial's fields, its event's text untouched", async () => {
  const body =
    '{ "webhookName":"ended", "webhookId":"w-1", "eventType":"end", "conversationId":"c-1", "n":1.0 }';
  const before = Date.now();
  const result = await bench.start()(httpEvent({ body, headers: signed(body, secret) }));
  expect(statusAndBody(result)).toEqual(accepted);
  expect(result.headers).toEqual({ "content-type": "application/json" });
  const { event, envelope } = onlyEvent();
  const bodySha256 = createHash("sha256").update(body).digest("hex");
  const id = expect.stringMatching(`^webhook@\\d{4}-.*Z\\+120~${bodySha256.slice(0, 32)}$`);
  expect(envelope).toEqual({
    version: 1,
    id,
    source: "webhook",
    received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    webhook_id: "w-1",
    webhook_name: "ended",
    event_type: "end",
    conversation_id: "c-1",
    occurred_at: null,
    body_sha256: bodySha256,
    payload: JSON.parse(body),
  });
  expect(Date.parse(envelope.received_at)).toBeGreaterThanOrEqual(before);
  expect(event.body).toEqual({ bytes: Buffer.from(body) });
  expect(logs.logs()).toEqual([
    expect.objectContaining({
      message: "Event accepted",
      event_id: id,
      event_type: "end",
    }),
  ]);
});

test("an Open Messaging event is named by integration, channel, type, id and time", async () => {
  const body = JSON.stringify({
    id: "m-1",
    type: "Receipt",
    conversationId: "c-1",
    channel: { id: "ch-1", platform: "Open", type: "Private", time: "2026-11-24T12:00:00.000Z" },
  });
  const event = httpEvent({
    path: "/open-messaging/{integrationId}",
    pathParameters: { integrationId },
    body,
    headers: signed(body, secret),
  });
  expect(statusAndBody(await bench.start()(event))).toEqual(accepted);
  expect(onlyEvent().envelope).toMatchObject({
    id: expect.stringMatching(
      new RegExp(`^open-messaging\\|${integrationId}\\|ch-1\\|Receipt\\|m-1\\|2026-11-24T12:00:00.000Z~`),
    ),
    integration_id: integrationId,
    event_type: "Receipt",
    occurred_at: "2026-11-24T12:00:00.000Z",
  });
});

describe("whoever has a secret speaks for itself alone", () => {
  const authentication = Object.fromEntries(
    ["one", "two"].map((id) => [
      id,
      { kind: "signature" as const, encoding: "base64" as const, secretParameter: "/open-messaging" },
    ]),
  );

  async function send(integration: string, channel: object) {
    const [openMessaging] = bench.settings.sources.filter(({ source }) => source === "open-messaging");
    const sources = openMessaging === undefined ? [] : [{ ...openMessaging, authentication }];
    const time = "2026-11-24T12:00:00.000Z";
    const body = JSON.stringify({ id: "m-1", type: "Text", channel: { time, ...channel } });
    const path = "/open-messaging/{integrationId}";
    const pathParameters = { integrationId: integration };
    const answer = await bench.start({ sources })(
      httpEvent({ path, pathParameters, body, headers: signed(body, secret) }),
    );
    expect(statusAndBody(answer)).toEqual(accepted);
    return onlyEvent().event;
  }

  const told = () => logs.logs().filter(({ message }) => /another integration/.test(String(message)));

  test.each([
    ["its channel", { id: "two" }],
    ["the one it is from", { id: "x", from: { id: "two" } }],
  ])("an event that names another by %s is its sender's, and told", async (_by, channel) => {
    const event = await send("one", channel);
    expect(event).toMatchObject({
      integrationId: "one",
      id: expect.stringMatching(/^open-messaging\|one\|/),
    });
    expect(told()).toEqual([
      expect.objectContaining({ level: "WARN", integration_id: "one", claimed_integration_id: "two" }),
    ]);
    expect(logs.metric(metrics.receiver.otherIntegration)).toBe(1);
  });

  test.each([
    ["itself", { id: "one", from: { id: "two" } }],
    ["nobody that is known here", { id: "constructor", from: { id: "x" } }],
    ["nobody", {}],
  ])("one that names %s is not told", async (_whom, channel) => {
    expect(await send("one", channel)).toMatchObject({ integrationId: "one" });
    expect(told()).toEqual([]);
  });
});

test("a source with one sender names no integration", async () => {
  const body = '{"webhookName":"x","integration_id":"one"}';
  await bench.start()(httpEvent({ body, headers: signed(body, secret) }));
  expect(onlyEvent().event).not.toHaveProperty("integrationId");
});

test.each([
  ["an hour and a second old", 3_601, true],
  ["an hour old at most", 3_590, false],
  ["from a clock that is ahead", -7_200, false],
])(
  "an Open Messaging event that is %s is delivered, and told as a replay where it may be one",
  async (_age, seconds, isTold) => {
    const time = new Date(Date.now() - seconds * 1_000).toISOString();
    const body = JSON.stringify({ id: "m-1", type: "Text", channel: { id: "ch-1", time } });
    const [openMessaging] = bench.settings.sources.filter(({ source }) => source === "open-messaging");
    const sources = openMessaging === undefined ? [] : [{ ...openMessaging, replayAgeSeconds: 3_600 }];
    const path = "/open-messaging/{integrationId}";
    const request = httpEvent({
      path,
      pathParameters: { integrationId },
      body,
      headers: signed(body, secret),
    });
    expect(statusAndBody(await bench.start({ sources })(request))).toEqual(accepted);
    expect(onlyEvent().event.eventType).toBe("Text");
    const told = logs.logs().filter(({ message }) => /may be a replay/.test(String(message)));
    expect(told).toEqual(isTold ? [expect.objectContaining({ level: "WARN", occurred_at: time })] : []);
    expect(logs.metric(metrics.receiver.old)).toBe(isTold ? 1 : 0);
  },
);

test("what came under another integration's path is another event, whatever its channel says", async () => {
  const body = JSON.stringify({
    id: "m-1",
    type: "Text",
    channel: { id: integrationId, time: "2026-11-24T12:00:00.000Z" },
  });
  const [openMessaging] = bench.settings.sources.filter(({ source }) => source === "open-messaging");
  const authentication = { one: { kind: "none" as const }, two: { kind: "none" as const } };
  const receive = bench.start({
    sources: openMessaging === undefined ? [] : [{ ...openMessaging, authentication }],
  });
  for (const id of ["one", "two", "one"]) {
    const path = "/open-messaging/{integrationId}";
    await receive(httpEvent({ path, pathParameters: { integrationId: id }, body, headers: {} }));
  }
  expect(new Set(bench.cloud.messages().map((message) => readEnvelope(message.body).id)).size).toBe(2);
});

test("five data actions are five events, however close and whatever their bytes", async () => {
  const receive = bench.start();
  for (const status of ["A", "B", "A", "B", "A"]) {
    const body = JSON.stringify({ topicName: "t", status });
    await receive(httpEvent({ path: "/data-action", body, headers: { "x-api-key": apiKey } }));
  }
  expect(new Set(bench.cloud.messages().map((message) => readEnvelope(message.body).id)).size).toBe(5);
});

test.each([
  ["x-api-key", { "x-api-key": apiKey }],
  ["bearer token", { authorization: `Bearer ${apiKey}` }],
  ["bearer token, whatever the scheme's case", { Authorization: `bearer ${apiKey}` }],
])("a data action proves itself by %s", async (_, headers) => {
  const body =
    '{"topicName":"v2.detail.events","eventBody":{"conversationId":"c-1","eventTime":1795521600000}}';
  expect(statusAndBody(await bench.start()(httpEvent({ path: "/data-action", body, headers })))).toEqual(
    accepted,
  );
  expect(onlyEvent().envelope).toMatchObject({
    source: "data-action",
    event_type: "v2.detail.events",
    conversation_id: "c-1",
    occurred_at: "2026-11-24T12:00:00.000Z",
  });
});
