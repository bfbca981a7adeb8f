import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../../contract/local-run.ts";
import { toTerraformOutputs } from "../../../contract/outputs.ts";
import { COMMAND } from "../../support/command.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { runInProcess } from "../../support/in-process.ts";

let deadLetters: DeadLetters;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => deadLetters.reset());

const main = () => deadLetters.cloud.messages("main");
const eventIds = (messages: readonly { body: string }[]) =>
  messages.map(({ body }) => (JSON.parse(body) as { id: string }).id).sort();

test("those chosen go back with bytes and counters as recovery keeps them; the others stay, visible", async () => {
  await deadLetters.put("one", { redrives: 2, attempts: 15 });
  await deadLetters.put("two", { class: "permanent", status: 422 });
  const [before] = deadLetters.state();
  const dry = await deadLetters.dlq("redrive", "--class", "exhausted", "--dry-run", "--json");
  expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, wouldRedrive: 1 });
  expect(main()).toEqual([]);

  const { code, stdout } = await deadLetters.dlq("redrive", "--class", "exhausted", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    chosen: 1,
    redriven: 1,
    refused: 0,
    undeleted: 0,
    gone: 0,
    hidden: 0,
    left: 0,
  });
  expect(main()).toEqual([
    {
      body: before?.body,
      attributes: {
        attempts: "15",
        redrives: "3",
        redriven_by: "operator",
        first_attempt_at: "2026-11-24T08:00:00.000Z",
        last_attempt_at: "2026-11-24T08:30:00.000Z",
        source: "webhook",
        event_id: "id-one",
      },
    },
  ]);
  expect(eventIds(deadLetters.state())).toEqual(["id-two"]);
  expect(deadLetters.state()).toMatchObject([{ visible: true }]);
});

test("what the main queue does not take stays, is told by exit code 3, and holds up none of the others", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  const setSize = (bytes: number) =>
    deadLetters.cloud.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: deadLetters.cloud.queueUrl,
        Attributes: { MaximumMessageSize: String(bytes) },
      }),
    );
  await setSize(2_048);
  await deadLetters.putMessage(`too long ${"x".repeat(2_040)}`);
  const { code, stdout } = await deadLetters.dlq("redrive");
  expect(code).toBe(3);
  expect(stdout).toBe("2 of 3 redriven.\n1 stays: SQS does not take it as it is.\n");
  expect(deadLetters.state()).toMatchObject([{ visible: true, body: expect.stringContaining("too long") }]);
  await setSize(262_144);
});

test("what could not be sent is not deleted", async () => {
  await deadLetters.put("one");
  const gone = toTerraformOutputs({
    ...deadLetters.outputs,
    queueUrl: `${deadLetters.outputs.queueUrl}-gone`,
  });
  const folder = join(deadLetters.folder, "gone");
  await mkdir(folder);
  const facts = JSON.parse(await readFile(join(deadLetters.folder, LOCAL_RUN_FILE), "utf8")) as LocalRunFacts;
  await writeFile(join(folder, LOCAL_RUN_FILE), JSON.stringify({ ...facts, outputs: gone }));
  const { code, stdout, stderr } = await runInProcess(["dlq", "redrive", "--data", folder], {});
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: There is no such queue in this account and region\.\nCheck /);
  expect(deadLetters.state()).toMatchObject([{ visible: true, receives: 2 }]);
});

test("an event that dies again at once goes round once", async () => {
  await deadLetters.put("one");
  const running = deadLetters.dlq("redrive", "--json");
  // Whatever arrives on the main queue is dead again, and a new message, before the command looks once more.
  for (let died = 0; died < 1; ) {
    const { Messages: messages = [] } = await deadLetters.cloud.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters.cloud.queueUrl, WaitTimeSeconds: 1 }),
    );
    for (const _ of messages) {
      died++;
      await deadLetters.put("one", { redrives: 1 });
    }
  }
  const { stdout } = await running;
  expect(JSON.parse(stdout)).toMatchObject({ chosen: 1, redriven: 1 });
  expect(eventIds(deadLetters.state())).toEqual(["id-one"]);
});

describe("interrupted", () => {
  const EVENTS = 30;
  const all = Array.from({ length: EVENTS }, (_, i) => `id-${i}`).sort();
  let child: ChildProcess;

  /** Starts a slow redrive, and returns once it has begun. */
  async function begin(): Promise<void> {
    for (let i = 0; i < EVENTS; i++) await deadLetters.put(String(i));
    await deadLetters.put("another", { class: "permanent" });
    const args = [...COMMAND, "dlq", "redrive", "--class", "exhausted", "--rate", "5", "--json"];
    child = spawn(process.execPath, [...args, ...deadLetters.place], { stdio: ["ignore", "pipe", "pipe"] });
    while (main().length === 0) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  test("by Ctrl-C, it finishes what is at hand, tells what is left, hides nothing; run again, it goes on", async () => {
    await begin();
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([130, null]);
    const { redriven, left } = JSON.parse(said) as Record<string, number>;
    expect([redriven, left]).toEqual([main().length, EVENTS - main().length]);
    expect(left).toBeGreaterThan(0);
    expect(deadLetters.state().filter(({ visible }) => !visible)).toEqual([]);

    const again = await deadLetters.dlq("redrive", "--class", "exhausted", "--rate", "1000", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ chosen: left, redriven: left });
    expect(eventIds(main())).toEqual(all);
    expect(eventIds(deadLetters.state())).toEqual(["id-another"]);
  });

  test("by a kill, it loses nothing: each event is on one of the queues, or on both under one id", async () => {
    await begin();
    child.kill("SIGKILL");
    await once(child, "close");
    const there = new Set([...eventIds(main()), ...eventIds(deadLetters.state())]);
    expect([...there].sort()).toEqual([...all, "id-another"].sort());
  });
});
