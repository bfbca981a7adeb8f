import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { toAttributes } from "../../../contract/event/dead-letter.ts";
import { toRecord } from "../../../contract/message-record.ts";
import { type ParkedKind, parkedKey, readParked, writeParked } from "../../../contract/parked.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { envelopeFor } from "../../support/envelopes.ts";

let deadLetters: DeadLetters;
let folder: string;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
  folder = await mkdtemp(join(tmpdir(), "parked-"));
});
afterAll(async () => {
  await deadLetters.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => deadLetters.reset());

const message = (event: string, messageId = `message-${event}`) => ({
  MessageId: messageId,
  Body: envelopeFor(event, { id: `id-${event}` }),
  MessageAttributes: {
    ...toAttributes({
      class: "permanent",
      status: 422,
      message: "The destination answered 422.",
      attempts: 1,
      firstAttemptAt: "2026-11-10T08:00:00.000Z",
      lastAttemptAt: "2026-11-10T08:00:00.000Z",
      source: "webhook",
      eventId: `id-${event}`,
      redrives: 0,
    }),
    bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 255) },
  },
  Attributes: { SentTimestamp: "1762761600000" },
});

async function park(kind: ParkedKind, ...messages: ReturnType<typeof message>[]): Promise<void> {
  const { s3, bucket } = deadLetters.cloud;
  const Key = parkedKey(kind, new Date("2026-11-10T08:00:00Z"), messages.length);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: writeParked(messages.map(toRecord)) }));
}

async function parked(): Promise<string[]> {
  const keys = await deadLetters.cloud.keys("parked/");
  const all = await Promise.all(
    keys.map(async (key) => readParked((await deadLetters.cloud.object(key)).bytes.toString())),
  );
  return all
    .flat()
    .map(({ messageId }) => messageId)
    .sort();
}
const ids = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { eventId: string }).eventId)
    .sort();
const onMain = () =>
  deadLetters.cloud.messages("main").map(({ body }) => (JSON.parse(body) as { id: string }).id);

test("parked dead letters are listed, counted and shown like those on the queue; waiting events are none", async () => {
  await deadLetters.put("on-queue");
  await park("dead-letters", message("old"));
  await park("redrivable", message("older"));
  await park("events", message("waiting"));
  const list = await deadLetters.dlq("list", "--json");
  expect(ids(list.stdout)).toEqual(["id-old", "id-older", "id-on-queue"]);
  const stats = await deadLetters.dlq("stats", "--json");
  expect(JSON.parse(stats.stdout)).toMatchObject({ total: 3 });
  const filtered = await deadLetters.dlq("list", "--class", "permanent", "--json");
  expect(ids(filtered.stdout)).toEqual(["id-old", "id-older"]);
  const show = await deadLetters.dlq("show", "id-older", "--raw");
  expect(show.stdout).toBe("older");
});

test("one that lies in both places, its run having been killed, is one dead letter, and goes back once", async () => {
  await deadLetters.put("both");
  const [there] = deadLetters.state();
  await park("dead-letters", message("both", there?.id));
  expect(ids((await deadLetters.dlq("list", "--json")).stdout)).toEqual(["id-both"]);
  const { stdout } = await deadLetters.dlq("redrive", "--id", "id-both", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ chosen: 1, redriven: 1 });
  expect(onMain()).toEqual(["id-both"]);
  expect(deadLetters.state()).toEqual([]);
});

test("those chosen go back, counted, and the others of their object stay, to the byte", async () => {
  await park("dead-letters", message("a"), message("b"), message("c"));
  const { code, stdout } = await deadLetters.dlq("redrive", "--id", "id-b", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ chosen: 1, redriven: 1, gone: 0 });
  expect(deadLetters.cloud.messages("main")).toMatchObject([{ attributes: { redrives: "1" } }]);
  expect(onMain()).toEqual(["id-b"]);
  expect(await parked()).toEqual(["message-a", "message-c"]);
  const [key = ""] = await deadLetters.cloud.keys("parked/");
  expect(key).toMatch(/20261110T080000Z-2-/);
  const [record] = readParked((await deadLetters.cloud.object(key)).bytes.toString());
  expect(record).toEqual(toRecord(message("a")));
});

test("all of them go back where nothing is chosen, on the queue and parked", async () => {
  await deadLetters.put("on-queue");
  await park("dead-letters", message("a"), message("b"));
  const { code } = await deadLetters.dlq("redrive", "--rate", "1000");
  expect(code).toBe(0);
  expect(onMain().sort()).toEqual(["id-a", "id-b", "id-on-queue"]);
  expect(await parked()).toEqual([]);
});

test("an export takes them along, and a purge by it deletes just those", async () => {
  const file = join(folder, "kept.jsonl");
  await park("dead-letters", message("a"), message("b"));
  expect((await deadLetters.dlq("export", file)).code).toBe(0);
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
  await park("dead-letters", message("late"));
  const name = deadLetters.cloud.deadLetterQueueUrl.split("/").at(-1) ?? "";
  const purge = await deadLetters.dlq("purge", "--exported", file, "--yes", "--name", name, "--json");
  expect(JSON.parse(purge.stdout)).toMatchObject({ purged: 2 });
  expect(await parked()).toEqual(["message-late"]);
});

test("a purge of all says how many there are, parked ones included, and leaves waiting events alone", async () => {
  await deadLetters.put("on-queue");
  await park("dead-letters", message("a"), message("b"));
  await park("redrivable", message("c"));
  await park("events", message("waiting"));
  const name = deadLetters.cloud.deadLetterQueueUrl.split("/").at(-1) ?? "";
  const { code, stdout } = await deadLetters.dlq("purge", "--yes", "--name", name, "--json");
  expect({ code, purged: JSON.parse(stdout) }).toEqual({ code: 0, purged: { purged: 4 } });
  expect(await parked()).toEqual(["message-waiting"]);
  expect(deadLetters.state()).toEqual([]);
});

test("what the main queue does not take stays where it is parked", async () => {
  await park("dead-letters", message("a"), { ...message("big"), Body: `${"x".repeat(1_048_577)}` });
  const { code, stdout } = await deadLetters.dlq("redrive", "--json");
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ chosen: 2, redriven: 1, refused: 1 });
  expect(await parked()).toEqual(["message-big"]);
});
