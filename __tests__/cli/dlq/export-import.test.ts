import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { sha256 } from "../../../contract/event/envelope.ts";
import { envelopeWithReference } from "../../../contract/event/write-envelope.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { headFor } from "../../support/envelopes.ts";
import { runInProcess } from "../../support/in-process.ts";

let deadLetters: DeadLetters;
let file: string;
let files = 0;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => {
  deadLetters.reset();
  file = join(deadLetters.folder, `export-${files++}.jsonl`);
});

/** Bodies and attributes of the dead-letter queue, in an order that does not matter. */
const contents = () =>
  deadLetters.cloud
    .messages("dead-letter")
    .map((each) => JSON.stringify(each))
    .sort();

test("what is exported and imported is what was there; imported twice, it is there once", async () => {
  await deadLetters.put("one", { message: "ünïcödé 🙂" });
  await deadLetters.put("one", { message: "ünïcödé 🙂" }); // the very same, twice
  await deadLetters.put("two", { redrives: 2 });
  await deadLetters.putMessage('no envelope, "quoted"\n\tand more', {
    bytes: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
  });
  const before = contents();
  const exported = await deadLetters.dlq("export", file, "--json");
  expect(JSON.parse(exported.stdout)).toEqual({
    exported: 4,
    file,
    payloadsMissing: 0,
    unseen: 0,
    complete: true,
  });
  expect(contents()).toEqual(before);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  deadLetters.reset();
  const first = await deadLetters.dlq("import", file, "--json");
  expect(JSON.parse(first.stdout)).toMatchObject({ imported: 4, alreadyThere: 0, refused: 0 });
  expect(first.stderr).toMatch(/^Not known: /);
  expect(contents()).toEqual(before);
  const second = await deadLetters.dlq("import", file, "--json");
  expect(JSON.parse(second.stdout)).toMatchObject({ imported: 0, alreadyThere: 4 });
  expect(contents()).toEqual(before);
});

test("chosen ones to stdout and on to the main queue, as a redrive", async () => {
  await deadLetters.put("one", { redrives: 1 });
  await deadLetters.put("two", { class: "permanent" });
  const { stdout, stderr } = await deadLetters.dlq("export", "-", "--class", "exhausted");
  expect(stderr).toBe("1 dead letter exported.\n");
  expect(stdout.split("\n")).toHaveLength(2);
  const args = ["dlq", "import", "-", "--to", "queue", ...deadLetters.place];
  const imported = await runInProcess(args, { input: stdout });
  expect(imported.stdout).toBe("1 dead letter imported.\n");
  const [message] = deadLetters.cloud.messages("main");
  expect(message?.attributes).toMatchObject({ redrives: "2", event_id: "id-one" });
  expect(message?.attributes).not.toHaveProperty("reason_class");
});

test("a claim-checked event goes along, unless asked not to, and back into a bucket that lost it", async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0, 1]);
  const place = { Bucket: deadLetters.cloud.bucket, Key: "claim-checks/one" };
  const reference = { bucket: place.Bucket, key: place.Key, bytes: bytes.length };
  const head = headFor(bytes, { body_sha256: sha256(bytes) });
  await deadLetters.putMessage(envelopeWithReference(head, reference));

  const without = await deadLetters.dlq("export", "-");
  expect(without.code).toBe(3);
  expect(JSON.parse(without.stdout)).toMatchObject({ payloadMissing: true });

  await deadLetters.cloud.s3.send(new PutObjectCommand({ ...place, Body: bytes }));
  const { stdout: bare, code } = await deadLetters.dlq("export", "-", "--no-payloads");
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(bare)).filter((name) => name.startsWith("payload"))).toEqual([]);
  expect((await deadLetters.dlq("export", file)).code).toBe(0);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ payloadBase64: bytes.toString("base64") });
  deadLetters.reset();
  await deadLetters.cloud.s3.send(new DeleteObjectCommand(place));
  const { stdout } = await deadLetters.dlq("import", file);
  expect(stdout).toBe("1 dead letter imported.\n1 event is in the overflow bucket again.\n");
  expect((await deadLetters.cloud.object(place.Key)).bytes).toEqual(bytes);
});

test("a file that is there is not overwritten; a line that no export wrote holds up none of the others", async () => {
  await deadLetters.put("one");
  await deadLetters.dlq("export", file);
  const refused = await deadLetters.dlq("export", file);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/ is there already\.\nName another file, or replace it with --yes\.\n$/);
  expect((await deadLetters.dlq("export", file, "--yes")).code).toBe(0);

  const line = await readFile(file, "utf8");
  await writeFile(file, `{"not":"ours"}\n${line}`);
  deadLetters.reset();
  const { code, stdout } = await deadLetters.dlq("import", file);
  expect(code).toBe(3);
  expect(stdout).toBe("1 dead letter imported.\nNo export wrote line 1.\n");
  expect(await deadLetters.dlq("import", `${file}.gone`)).toMatchObject({ code: 2, stdout: "" });
});

test("an import never has more than ten attributes or more bytes than the queue takes, and says what it left out", async () => {
  await deadLetters.put("one");
  await deadLetters.dlq("export", file);
  const record = JSON.parse(await readFile(file, "utf8")) as { attributes: Record<string, unknown> };
  const bytes = { type: "Binary", base64: Buffer.from([0, 255]).toString("base64") };
  const more = Object.fromEntries(["a", "b", "c"].map((name) => [name, bytes]));
  const crowded = { ...record, attributes: { ...record.attributes, ...more } };
  const full = { body: "x".repeat(1_048_576), attributes: { redrives: { type: "String", text: "1" } } };
  await writeFile(file, `${JSON.stringify(crowded)}\n${JSON.stringify(full)}\n`);
  deadLetters.reset();
  const { code, stdout, stderr } = await deadLetters.dlq("import", file);
  expect([code, stdout]).toEqual([
    3,
    expect.stringContaining("1 is left out: SQS does not take it as it is."),
  ]);
  expect(stderr).toContain("1 was sent without attributes for which they had no room: b, c.\n");
  const [letter] = deadLetters.cloud.messages("dead-letter");
  expect(Object.keys(letter?.attributes ?? {})).toHaveLength(10);
  expect(letter?.attributes).toHaveProperty("a");
  const again = await deadLetters.dlq("import", file, "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, alreadyThere: 1, refused: 1 });
});
