import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { readSpill } from "../../../contract/event/spill.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { anyEventBytes } from "../../support/event-bytes.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { apiKey, integrationId, receiverBench, secret } from "../../support/receiver.ts";

const BATCHES = 200;
const REQUESTS_A_BATCH = 30;
const MAX_GROWTH_BYTES = 2 * 1024 * 1024; // half a kilobyte kept of every request would already be more

const bench = receiverBench();
const logs = capturedLogs();

const deep = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000);
const body = fc.oneof(
  { weight: 6, arbitrary: anyEventBytes.map(({ bytes }) => bytes) },
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        "",
        "\0",
        "{",
        `{"webhookName":${deep("[", "]")}}`,
        deep("[", ""),
        deep('{"a":', "1}").slice(0, -1),
        '{"webhookName":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
        '{"__proto__":null,"webhookName":{"toString":1}}',
        '{"webhookName":1e999,"eventType":{},"conversationId":[],"webhookId":null}',
        '{"topicName":{},"eventBody":{"eventTime":1e300,"conversationId":{}}}',
        '{"id":"1","type":"Text","channel":{"id":{},"time":[]}}',
      )
      .map((text) => Buffer.from(text)),
  },
);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const headerValue = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "x".repeat(10_000),
    "a,b,c",
    "text/plain, application/json",
    "application/xml",
    "multipart/form-data; boundary=",
    "\0",
  ),
);
const headers = fc.dictionary(
  fc.oneof(
    name,
    fc.constantFrom("content-type", "content-length", "__proto__", "constructor", "Host", "COOKIE"),
  ),
  headerValue,
  { maxKeys: 6 },
);
const target = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("/webhook", "/open-messaging/{integrationId}", "/data-action") },
  { weight: 1, arbitrary: fc.webPath() },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "/", "/__proto__", "/webhook/", "/webhook/x", "/open-messaging/"),
  },
);
const request = fc.record({
  body,
  headers,
  path: target,
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constant("POST") },
    { weight: 1, arbitrary: fc.constantFrom("GET", "HEAD", "OPTIONS", "PUT", "post", "TRACE", "") },
  ),
  integration: fc.oneof(
    { weight: 4, arbitrary: fc.constant(integrationId) },
    { weight: 1, arbitrary: fc.constantFrom("", "__proto__", "constructor", "unknown") },
  ),
  proof: fc.oneof(
    { weight: 4, arbitrary: fc.constant("good" as const) },
    { weight: 1, arbitrary: fc.constantFrom("wrong" as const, "none" as const) },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  ),
  base64: fc.boolean(),
});
type HostileRequest = typeof request extends fc.Arbitrary<infer T> ? T : never;

const isSource = (path: string) =>
  path === "/webhook" || path === "/data-action" || path.startsWith("/open-messaging/{");

function proofHeaders({
  proof,
  path,
  body: bytes = Buffer.alloc(0),
}: HostileRequest): Record<string, string> {
  if (proof === "none") return {};
  if (path === "/data-action") return { "x-api-key": proof === "good" ? apiKey : proof };
  if (proof === "good" || proof === "wrong") return signed(bytes, proof === "good" ? secret : "wrong");
  return { "x-hub-signature-256": proof };
}

/** What the blueprint's table says of it. */
function expectedStatus({ path, method, integration, proof }: HostileRequest): number {
  if (!isSource(path)) return 404;
  if (method === "OPTIONS" && path === "/webhook") return 200;
  if (method !== "POST") return 405;
  return proof === "good" && (!path.startsWith("/open-messaging") || integration === integrationId)
    ? 200
    : 401;
}

function toEvent(hostile: HostileRequest) {
  const { path, method, integration, body: bytes } = hostile;
  // Text is only sent as text where it is text: API Gateway sends everything else in base64.
  const base64 = hostile.base64 || bytes === undefined || !Buffer.from(bytes.toString()).equals(bytes);
  return httpEvent({
    path,
    method,
    routeKey: isSource(path) ? `ANY ${path}` : "$default",
    headers: { ...hostile.headers, ...proofHeaders(hostile) },
    pathParameters: { integrationId: integration },
    ...(bytes === undefined ? {} : { body: bytes, base64 }),
  });
}

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Hashes of all events that are stored anywhere; on a machine that busy, a slow queue's events lie in the bucket. */
async function storedHashes(): Promise<Set<string>> {
  const keys = logs.metric("EventsSpilled") === 0 ? [] : await bench.cloud.keys("spill/");
  const spills = keys.map(async (key) => readSpill((await bench.cloud.object(key)).bytes.toString()));
  const messages = [
    ...bench.cloud.messages(),
    ...bench.cloud.messages("dead-letter"),
    ...(await Promise.all(spills)),
  ];
  return new Set(
    messages.map((message) => {
      const event = readEnvelope(message.body);
      return hash("bytes" in event.body ? event.body.bytes : Buffer.alloc(0));
    }),
  );
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heapBytes(): number {
  logs.clear();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test(`${BATCHES * REQUESTS_A_BATCH} hostile requests: answers from the table alone, every signed event stored`, async () => {
  const receive = bench.start();
  let batches = 0;
  let heapEarly = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: REQUESTS_A_BATCH, maxLength: REQUESTS_A_BATCH }),
      async (requests) => {
        bench.cloud.reset();
        logs.clear();
        const results = await Promise.all(requests.map((one) => receive(toEvent(one))));
        expect(results.map(({ statusCode }) => statusCode)).toEqual(requests.map(expectedStatus));
        const owed = requests
          .filter((one) => expectedStatus(one) === 200 && one.method === "POST")
          .map((one) => hash(one.body ?? Buffer.alloc(0)));
        expect(await storedHashes()).toEqual(new Set(owed));
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
        if (++batches === Math.floor(BATCHES / 3)) heapEarly = heapBytes();
      },
    ),
    { numRuns: BATCHES, endOnFailure: true },
  );
  bench.cloud.reset();
  expect(batches).toBe(BATCHES);
  expect(heapBytes() - heapEarly).toBeLessThan(MAX_GROWTH_BYTES);
}, 180_000);
