import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { readSpill } from "../../../contract/event/spill.ts";
import { startBlackHole } from "../../support/black-hole.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { forAllTests } from "../../support/hooks.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { type ReceiverBench, receiverBench, secret } from "../../support/receiver.ts";
import { startStalling } from "../../support/stalling.ts";

/** Lambda ends the receiver then, and Genesys would get a 5xx of nobody's: the default of receiver.timeoutSeconds. */
const ENDED_MILLISECONDS = 10_000;

const bench = receiverBench();
const logs = capturedLogs();
const hole = forAllTests(startBlackHole);

const body = '{"webhookName":"ended","text":"😀\uFFFF"}';
const event = (text = body) => httpEvent({ body: text, headers: signed(text, secret) });
/** A port on which nobody listens. */
const refused = "http://127.0.0.1:1";

/** The one spilled message, and the event in it. */
async function spilled(prefix: string) {
  const [key = "", ...others] = await bench.cloud.keys("spill/");
  expect(others).toEqual([]);
  expect(key).toMatch(new RegExp(`^${prefix}\\d{4}/\\d\\d/\\d\\d/[0-9a-f]{64}\\.json$`));
  const message = readSpill((await bench.cloud.object(key)).bytes.toString());
  return { message, event: readEnvelope(message.body) };
}

/** The answer, and the milliseconds that it took. */
async function timed(work: () => Promise<{ statusCode?: number | undefined }>) {
  const start = performance.now();
  const { statusCode } = await work();
  return { statusCode, milliseconds: performance.now() - start };
}

describe("when SQS does not take the event, the bucket does", () => {
  test.each<[string, () => ReturnType<ReceiverBench["start"]>]>([
    ["refuses the connection", () => bench.start({}, { queue: refused })],
    ["does not know the queue", () => bench.start({ queueUrl: `${bench.cloud.endpoint}/000000000000/gone` })],
  ])("SQS %s", async (_, start) => {
    expect(await start()(event())).toMatchObject({ statusCode: 200, body: '{"status":"accepted"}' });
    const { message, event: kept } = await spilled("spill/events/");
    expect(message).toEqual({ queue: "main", body: expect.any(String) });
    expect(kept.body).toEqual({ bytes: Buffer.from(body) });
    expect(logs.metric("EventsSpilled")).toBe(1);
    expect(logs.metric("EventsAccepted")).toBe(1);
    expect(logs.logs().map(({ message: text, event_id }) => [text, event_id])).toEqual([
      ["Event spilled to the overflow bucket", kept.id],
      ["Event accepted", kept.id],
    ]);
  });

  test("SQS hangs: the answer leaves before Lambda would end it", async () => {
    // The queue's URL points at the hole as well: some SDK versions take it for the endpoint.
    const receive = bench.start(
      { queueUrl: `${hole.endpoint}/000000000000/events` },
      { queue: hole.endpoint },
      ["queue"],
    );
    const { statusCode, milliseconds } = await timed(() => receive(event()));
    expect(statusCode).toBe(200);
    expect(milliseconds).toBeLessThan(ENDED_MILLISECONDS);
    expect((await spilled("spill/events/")).event.body).toEqual({ bytes: Buffer.from(body) });
  });

  test("SQS begins its answer and stops in the middle: the answer leaves before Lambda would end it", async () => {
    const stalling = await startStalling();
    const receive = bench.start(
      { queueUrl: `${stalling.endpoint}/000000000000/events` },
      { queue: stalling.endpoint },
      ["queue"],
    );
    const { statusCode, milliseconds } = await timed(() => receive(event()));
    await stalling.stop();
    expect(statusCode).toBe(200);
    expect(milliseconds).toBeLessThan(ENDED_MILLISECONDS);
    await spilled("spill/events/");
  });

  test("a malformed event spills with its reason, in a folder of its own", async () => {
    const malformed = Buffer.from([0xff, 0x00, 0x7b]);
    const receive = bench.start({}, { queue: refused });
    const result = await receive(httpEvent({ body: malformed, headers: signed(malformed, secret) }));
    expect(result.statusCode).toBe(200);
    const { message, event: kept } = await spilled("spill/dead-letters/");
    expect(message.queue).toBe("dead-letter");
    expect(message.attributes).toMatchObject({
      reason_class: { DataType: "String", StringValue: "malformed" },
      event_id: { DataType: "String", StringValue: kept.id },
    });
    expect(kept.body).toEqual({ bytes: malformed });
  });

  test("a claim check spills as one", async () => {
    const big = JSON.stringify({ webhookName: "ended", text: "漢".repeat(1_000) });
    const receive = bench.start({ maxMessageBytes: 2_000 }, { queue: refused });
    expect((await receive(event(big))).statusCode).toBe(200);
    const { event: kept } = await spilled("spill/events/");
    const reference = "reference" in kept.body ? kept.body.reference : undefined;
    expect((await bench.cloud.object(reference?.key ?? "")).bytes.toString()).toBe(big);
  });

  test("two events with one configured key spill as two", async () => {
    const sources = bench.settings.sources.map((source) => ({ ...source, dedupePath: "id" }));
    const receive = bench.start({ sources }, { queue: refused });
    await receive(event('{"webhookName":"ended","id":"1","n":1}'));
    await receive(event('{"webhookName":"ended","id":"1","n":2}'));
    expect(await bench.cloud.keys("spill/")).toHaveLength(2);
  });
});

describe("when neither takes the event: 503, with Retry-After", () => {
  const unavailable = {
    statusCode: 503,
    headers: { "content-type": "application/json", "retry-after": "5" },
    body: '{"message":"Service Unavailable"}',
  };

  test("both refuse", async () => {
    expect(await bench.start({}, { queue: refused, bucket: refused })(event())).toEqual(unavailable);
    expect(logs.metric("EventsAccepted")).toBe(0);
    expect(logs.logs()).toContainEqual(
      expect.objectContaining({
        message: "Event could not be stored",
        event_id: expect.stringMatching(/^webhook@/),
      }),
    );
    expect(logs.lines()).toContainEqual(expect.objectContaining({ EventsRejected: 1, reason: "not-stored" }));
  });

  test("both hang: the answer leaves before Lambda would end it", async () => {
    const receive = bench.start(
      { queueUrl: `${hole.endpoint}/000000000000/events` },
      { queue: hole.endpoint, bucket: hole.endpoint },
      ["queue", "bucket"],
    );
    const { statusCode, milliseconds } = await timed(() => receive(event()));
    expect(statusCode).toBe(503);
    expect(milliseconds).toBeLessThan(ENDED_MILLISECONDS);
  });

  test("both hang, and the parameter store with a secret cached: still before Lambda would end it", async () => {
    const stalled = bench.start(
      { queueUrl: `${hole.endpoint}/000000000000/events`, secretRefreshSeconds: 0 },
      { queue: hole.endpoint, bucket: hole.endpoint },
      ["queue", "bucket", "secrets"],
    );
    // An unknown path's 404 would read no secret; a wrong signature caches it.
    await stalled(httpEvent({ body, headers: signed(body, "wrong") }));
    bench.parameters.hang = true;
    const { statusCode, milliseconds } = await timed(() => stalled(event()));
    bench.parameters.hang = false;
    expect(statusCode).toBe(503);
    expect(milliseconds).toBeLessThan(ENDED_MILLISECONDS);
  });

  test("too big for the queue, and the bucket does not take it: the queue is not tried", async () => {
    const big = JSON.stringify({ webhookName: "ended", text: "漢".repeat(1_000) });
    const receive = bench.start({ maxMessageBytes: 2_000 }, { bucket: refused });
    expect(await receive(event(big))).toEqual(unavailable);
    expect(bench.cloud.messages()).toEqual([]);
  });
});

test("the queue is back: the next event goes there again", async () => {
  const receive = bench.start();
  const server = bench.cloud.server;
  server.deleteQueue("events", { region: "eu-west-1" });
  expect((await receive(event())).statusCode).toBe(200);
  expect(await bench.cloud.keys("spill/")).toHaveLength(1);
  server.createQueue("events", { region: "eu-west-1" });
  expect((await receive(event())).statusCode).toBe(200);
  expect(bench.cloud.messages()).toHaveLength(1);
});
