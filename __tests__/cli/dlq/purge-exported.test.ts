import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { describeTree } from "../../../cli/completion/tree.ts";
import { createProgram } from "../../../cli/program.ts";
import { sha256 } from "../../../contract/event/envelope.ts";
import { envelopeWithReference } from "../../../contract/event/write-envelope.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { headFor } from "../../support/envelopes.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { runOnTerminal } from "../../support/terminal.ts";

jest.setTimeout(60_000);

let deadLetters: DeadLetters;
let file: string;
let files = 0;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => {
  deadLetters.reset();
  file = join(deadLetters.folder, `kept-${files++}.jsonl`);
});

const YES = ["--yes", "--name", "events-dead-letters"];
const purge = (...more: string[]) => deadLetters.dlq("purge", "--exported", file, ...YES, ...more);
const bodiesThere = () => deadLetters.state().map(({ body }) => body);
const bodiesInFile = async () =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { body: string }).body);

/** Receives so many, as somebody else who is at them. */
async function hide(count: number): Promise<void> {
  await deadLetters.cloud.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetters.cloud.deadLetterQueueUrl,
      MaxNumberOfMessages: count,
      VisibilityTimeout: 600,
    }),
  );
}

test("forty letters, ten of them hidden, three come in between: nothing is lost, and what is missing is told", async () => {
  for (let i = 0; i < 40; i++) await deadLetters.put(`letter-${i}`);
  const all = new Set(bodiesThere());
  await hide(10);
  const exported = await deadLetters.dlq("export", file);
  expect(exported).toMatchObject({ code: 3 });
  expect(exported.stdout).toBe(
    `30 dead letters exported to ${file}.\nIt is not the whole: about 10 dead letters were not to be seen.\n`,
  );

  for (let i = 40; i < 43; i++) await deadLetters.put(`letter-${i}`);
  for (const body of bodiesThere()) all.add(body);
  expect(all.size).toBe(43);
  const purged = await purge();
  expect(purged).toMatchObject({ code: 0, stdout: `30 dead letters deleted, which ${file} holds.\n` });

  expect(deadLetters.state()).toHaveLength(13);
  expect(new Set([...bodiesThere(), ...(await bodiesInFile())])).toEqual(all);
});

test("what is hidden since stays, and the exit code says so; the same command goes on from there", async () => {
  for (let i = 0; i < 4; i++) await deadLetters.put(`letter-${i}`);
  await deadLetters.dlq("export", file);
  await hide(1);
  const first = await purge("--json");
  expect(first.code).toBe(3);
  expect(JSON.parse(first.stdout)).toEqual({
    purged: 3,
    notThere: 1,
    undeleted: 0,
    withoutEvent: 0,
    unreadable: [],
    unseen: 1,
  });
  expect(deadLetters.state()).toHaveLength(1);
});

test("what is hidden while it asks stays, and is told as that", async () => {
  for (let i = 0; i < 3; i++) await deadLetters.put(`letter-${i}`);
  await deadLetters.dlq("export", file);
  const asked = runOnTerminal(["dlq", "purge", "--exported", file, ...deadLetters.place]);
  await asked.until(/to go on: /);
  await hide(1);
  asked.type("events-dead-letters\r");
  expect(await asked.exitCode).toBe(3);
  expect(asked.shown()).toMatch(/2 dead letters deleted, which .* holds\.\s+1 was hidden: /s);
  expect(deadLetters.state()).toHaveLength(1);
});

test("one that died again is not the one that the file holds; one that was imported is", async () => {
  await deadLetters.put("one", { attempts: 5 });
  await deadLetters.put("two");
  await deadLetters.put("two"); // the very same, twice
  await deadLetters.dlq("export", file);
  deadLetters.reset();
  await deadLetters.put("one", { attempts: 10 });
  await deadLetters.dlq("import", file);
  for (let i = 0; i < 2; i++) await deadLetters.put("two"); // two more of them than the file holds
  const { stdout } = await purge("--json");
  expect(JSON.parse(stdout)).toMatchObject({ purged: 3, notThere: 0 });
  expect(deadLetters.state()).toHaveLength(3);
  expect(deadLetters.cloud.messages("dead-letter").map(({ attributes }) => attributes["attempts"])).toContain(
    "10",
  );
});

test("a claim check stays where the file does not have its event", async () => {
  const bytes = Buffer.from('{"big":true}');
  const place = { Bucket: deadLetters.cloud.bucket, Key: "claim-checks/one" };
  const reference = { bucket: place.Bucket, key: place.Key, bytes: bytes.length };
  const head = headFor(bytes, { body_sha256: sha256(bytes) });
  await deadLetters.putMessage(envelopeWithReference(head, reference));
  const s3: S3Client = deadLetters.cloud.s3;
  await s3.send(new PutObjectCommand({ ...place, Body: bytes }));
  await deadLetters.dlq("export", file, "--no-payloads");
  const refused = await purge();
  expect(refused).toMatchObject({
    code: 3,
    stdout: `0 dead letters deleted, which ${file} holds.\n1 stays: its event lies in the overflow bucket, and the file does not have it.\n`,
  });
  expect(deadLetters.state()).toHaveLength(1);
  await deadLetters.dlq("export", file, "--yes");
  expect((await purge()).code).toBe(0);
  expect(deadLetters.state()).toEqual([]);
});

test("a line that was cut off, or that no export wrote, deletes nothing", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  await deadLetters.dlq("export", file);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.slice(0, -20));
  await appendFile(file, '\n{"not":"ours"}\n');
  const { code, stdout } = await purge();
  expect(code).toBe(3);
  expect(stdout).toContain("No export wrote 2 lines of the file.");
  expect(deadLetters.state()).toHaveLength(1);
});

test("it asks for the queue's name as any purge, takes no filter beside it, and no file that is not there", async () => {
  await deadLetters.put("one");
  await deadLetters.dlq("export", file);
  const asked = runOnTerminal(["dlq", "purge", "--exported", file, ...deadLetters.place]);
  await asked.until(/deletes 1 dead letter for good, which .* holds.*to go on: /s);
  asked.type("no\r");
  expect(await asked.exitCode).toBe(2);
  expect(await purge("--class", "permanent")).toMatchObject({ code: 2, stdout: "" });
  expect(await deadLetters.dlq("purge", "--exported", `${file}.gone`, ...YES)).toMatchObject({ code: 2 });
  expect(deadLetters.state()).toHaveLength(1);
});

test("no help and no paper has a purge follow an export by anything but the file", async () => {
  const said: string[] = [];
  for (const { path } of describeTree(await createProgram())) {
    let command = await createProgram();
    for (const name of path.split(" ").slice(1)) {
      command = command.commands.find((each) => each.name() === name) ?? command;
    }
    command.configureOutput({ writeOut: (text) => void said.push(...text.split("\n")) }).outputHelp();
  }
  const papers = await readdir(join(REPOSITORY, "docs"), { recursive: true });
  for (const name of ["README.md", "help", ...papers.map((paper) => join("docs", paper))]) {
    if (!/\.md$|^help$/.test(name)) continue;
    said.push(await readFile(join(REPOSITORY, name), "utf8"));
  }
  const lines = said
    .join("\n")
    .replaceAll(/(&&|\\)\n/g, "$1 ")
    .split("\n");
  const chained = lines.filter((line) => /dlq export.*(&&|;|\|).*dlq purge/.test(line));
  expect(chained.length).toBeGreaterThan(0);
  expect(chained.filter((line) => !/dlq purge --exported/.test(line))).toEqual([]);
});
