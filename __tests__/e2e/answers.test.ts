import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { readEnvelope } from "../../contract/event/read-envelope.ts";
import { localRun } from "../support/local-bench.ts";
import { happened, quickInput, webhookEvent } from "../support/local-run.ts";
import { all, depth, objectKeys, times } from "../support/watch.ts";

jest.setTimeout(120_000);

const EVERY_SOURCE = {
  ...quickInput,
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": { integrations: { desk: { kind: "signature" } } },
    "data-action": { authentication: { kind: "shared-secret" } },
  },
} as const;

const events = {
  webhook: webhookEvent("x"),
  "open-messaging": Buffer.from(
    '{"id":"1","type":"Text","channel":{"id":"c","time":"2026-11-24T00:00:00Z"}}',
  ),
  "data-action": Buffer.from('{"topicName":"t","eventBody":{}}'),
};
const sources = Object.keys(events) as (keyof typeof events)[];

/** Over all runs of this folder. */
let refusals = 0;

const bench = localRun({ input: EVERY_SOURCE });
const { run } = bench;
beforeAll(prepare);
afterEach(forgetStored);

async function prepare(): Promise<void> {
  run.runEvents.on((runEvent) => {
    if (happened("rejected")(runEvent)) refusals++;
  });
  await Promise.all(run.mappings.map((mapping) => mapping.disable())); // what is stored stays where it is
}

/** New processes know no secret yet. */
async function restart(): Promise<void> {
  await bench.restart();
  await prepare();
}

async function forgetStored(): Promise<void> {
  for (const { url } of run.stack.queues) await run.cloud.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  for (const Key of await objectKeys(run, "")) {
    await run.cloud.s3.send(new DeleteObjectCommand({ Bucket: run.stack.buckets[0]?.name, Key }));
  }
}

interface Stored {
  readonly queue: number;
  readonly deadLetters: number;
  readonly objects: number;
}

async function expectStored(expected: Partial<Stored>): Promise<void> {
  const [queue, deadLetters, objects] = await Promise.all([
    depth(run, "test-queue"),
    depth(run, "dead-letter-queue"),
    objectKeys(run, "").then(({ length }) => length),
  ]);
  expect({ queue, deadLetters, objects }).toEqual({ queue: 0, deadLetters: 0, objects: 0, ...expected });
}

async function send(
  source: keyof typeof events,
  body = events[source],
  changed: Record<string, string> = {},
) {
  const { url, headers } = run.signedRequest(body, source);
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, ...changed },
    body: new Uint8Array(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const accepted = { status: 200, body: { status: "accepted" } };

test.each(sources)("%s: stored: 200", async (source) => {
  expect(await send(source)).toMatchObject(accepted);
  await expectStored({ queue: 1 });
});

test.each<[keyof typeof events, string]>([
  ["webhook", "not JSON"],
  ["webhook", "[1]"],
  ["webhook", '{"eventType":"no name"}'],
  ["webhook", ""],
  ["open-messaging", '{"id":"no channel"}'],
  ["data-action", "null"],
])("%s: signed well, but %j: 200, and a dead letter with its bytes", async (source, text) => {
  expect(await send(source, Buffer.from(text))).toMatchObject(accepted);
  await expectStored({ deadLetters: 1 });
  const { Messages: [deadLetter] = [] } = await run.cloud.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: run.stack.queues.find(({ name }) => name.endsWith("dead-letter-queue"))?.url,
      MessageAttributeNames: ["All"],
    }),
  );
  expect(deadLetter?.MessageAttributes?.["reason_class"]?.StringValue).toBe("malformed");
  expect(readEnvelope(deadLetter?.Body ?? "").body).toEqual({ bytes: Buffer.from(text) });
});

describe.each(sources)("%s: whoever does not prove itself: 401, nothing stored", (source) => {
  const proof = source === "data-action" ? "x-api-key" : "x-hub-signature-256";
  test.each(["", "sha256=AAAA", "sha256=", "AAAA"])("%j", async (value) => {
    const before = all(run, "rejected").length;
    expect(await send(source, events[source], { [proof]: value })).toMatchObject({
      status: 401,
      body: { message: "Unauthorized" },
    });
    await expectStored({});
    await times(run, "rejected", before + 1);
    expect(all(run, "rejected").at(-1)?.fields).toMatchObject({ status: 401, source });
  });
});

test("the secret store out of reach, one cached: 200; none cached: 503, nothing stored", async () => {
  await send("webhook");
  run.cloud.serve("ssm", undefined);
  expect(await send("webhook", webhookEvent("y"))).toMatchObject(accepted);
  await expectStored({ queue: 2 });
  await forgetStored();
  await restart();
  run.cloud.serve("ssm", undefined);
  expect(await send("webhook")).toMatchObject({ status: 503, body: { message: "Service Unavailable" } });
  await expectStored({});
  await restart();
});

test("neither queue nor bucket takes it: 503 with Retry-After, nothing stored", async () => {
  await Promise.all([run.cloud.stopService("sqs"), run.cloud.stopService("s3")]);
  const { status, headers } = await send("webhook");
  expect(status).toBe(503);
  expect(headers.get("retry-after")).toMatch(/^\d+$/);
  await times(run, "notStored", 1);
  await Promise.all([run.cloud.startService("sqs"), run.cloud.startService("s3")]);
  await expectStored({});
});

test.each([
  ["Lambda", 6 * 1024 * 1024],
  ["the gateway", 10 * 1024 * 1024 + 1],
])("larger than %s takes: 413, nothing stored", async (_, bytes) => {
  const body = Buffer.from(`{"webhookName":"${"x".repeat(bytes - 18)}"}`);
  expect(body).toHaveLength(bytes);
  expect((await send("webhook", body)).status).toBe(413);
  await expectStored({});
});

test("as large as Lambda takes: 200, in the bucket with a claim check", async () => {
  expect(await send("webhook", Buffer.from(`{"webhookName":"${"x".repeat(5_900_000)}"}`))).toMatchObject(
    accepted,
  );
  await expectStored({ queue: 1, objects: 1 });
});

test("every refusal has been counted", async () => {
  expect(refusals).toBeGreaterThan(0);
  await restart(); // every line of the log is written then
  expect((await counted("EventsRejected")).reduce((sum, each) => sum + each, 0)).toBe(refusals);
});

/** What the receiver has counted, as its log hands it to CloudWatch. */
async function counted(metric: string): Promise<number[]> {
  const log = await readFile(join(bench.data, "logs", "genesys-events-test-receiver.jsonl"), "utf8");
  return log
    .split("\n")
    .filter((line) => line.includes("_aws"))
    .flatMap((line) => (JSON.parse(line) as Record<string, number>)[metric] ?? []);
}
