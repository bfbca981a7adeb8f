import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import type { EventHistory } from "../../cli/events/history.ts";
import type { EventStep } from "../../cli/events/step.ts";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { shortId } from "../../contract/event/identity.ts";
import { storeParked } from "../../contract/parked-objects.ts";
import { COMMAND, commandEnvironment } from "../support/command.ts";
import { envelopeFor, idFor } from "../support/envelopes.ts";
import { runInProcess } from "../support/in-process.ts";
import { localRun } from "../support/local-bench.ts";
import { postUntilTaken, quickInput, webhookEvent } from "../support/local-run.ts";
import { all, times } from "../support/watch.ts";

jest.setTimeout(90_000);

const bench = localRun({
  input: {
    ...quickInput,
    breaker: { failingEvents: 50, probeBaseSeconds: 2, probeCapSeconds: 2, settleSeconds: 1 },
  },
  scheduleEverySeconds: 1,
});
const { run, destination } = bench;

const command = (...args: string[]) => runInProcess([...args, "--data", bench.data], {});
const json = async (...args: string[]) => JSON.parse((await command(...args, "--json")).stdout) as never;

interface Shown {
  /** Absent where the log has none: a dead letter that was put there. */
  readonly history?: EventHistory;
  readonly deadLetters: readonly object[];
}

/** What `events show` says, once the log tells that. */
async function shown(id: string, outcome: EventHistory["outcome"]): Promise<Required<Shown>> {
  for (;;) {
    const { code, stdout } = await command("events", "show", id, "--json");
    const found = code === 0 ? (JSON.parse(stdout) as Shown) : undefined;
    if (found?.history?.outcome === outcome) return { ...found, history: found.history };
  }
}

/** Posts an event of a conversation; its id. */
async function posted(conversationId: string): Promise<string> {
  await postUntilTaken(run, webhookEvent("conversation.ended", { conversationId }));
  for (;;) {
    const { stdout } = await command("events", "list", "--conversation", conversationId, "--json");
    if (stdout !== "") return (JSON.parse(stdout) as EventHistory).event.id;
  }
}

const way = ({ history: { steps } }: Required<Shown>) =>
  steps.map(({ kind, by }) => (by === undefined || kind !== "redriven" ? kind : `${kind} by ${by}`));

test("failed twice, then delivered: each attempt with its status, its duration and the pause after it", async () => {
  const answers = [503, 500, 200];
  destination.answer = () => ({ status: answers.shift() ?? 200 });
  const id = await posted("c-twice");
  const found = await shown(shortId(id, 8), "delivered");
  expect(way(found)).toEqual(["accepted", "failed", "failed", "delivered"]);
  const [accepted, one, two, three] = found.history.steps;
  expect(accepted).toMatchObject({ function: "receiver", requestId: expect.any(String) });
  expect(one).toMatchObject({ attempt: 1, status: 503, durationMilliseconds: expect.any(Number) });
  expect([typeof one?.pauseSeconds, two?.attempt, two?.status, three?.attempt]).toEqual([
    "number",
    2,
    500,
    3,
  ]);
  const { history } = found;
  expect(history).toMatchObject({
    event: { id, source: "webhook", type: "conversation.ended", conversation: "c-twice" },
    ...{ attempts: 3, status: 200, next: { what: "nothing" } },
  });
  const { stdout } = await command("events", "show", id);
  expect(stdout).toMatch(/attempt 1 failed \(503\) after \d+ ms, again .*: The destination answered 503/);
  expect(stdout).toMatch(/delivered \(200\) after \d+ ms, on attempt 3/);
});

test("turned down, then redriven by a person: it says by whom", async () => {
  destination.answer = () => ({ status: 422 });
  const id = await posted("c-person");
  const dead = await shown(id, "dead");
  expect(dead).toMatchObject({
    history: { next: { what: "person" } },
    deadLetters: [{ eventId: id, status: 422 }],
  });
  destination.answer = () => ({ status: 200 });
  expect((await command("dlq", "redrive", "--id", id)).code).toBe(0);
  expect(way(await shown(id, "delivered"))).toEqual([
    "accepted",
    "dead",
    "redriven by operator",
    "delivered",
  ]);
});

test("exhausted in an outage, redriven by recovery; parked, and brought back", async () => {
  const before = all(run, "delivered").length;
  destination.answer = () => ({ status: 200 });
  const url = run.stack.queues.find(({ name }) => name.endsWith("dead-letter-queue"))?.url;
  const reason = {
    class: "exhausted",
    message: "503",
    attempts: 5,
    redrives: 0,
    eventId: idFor("ours"),
  } as const;
  await run.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: envelopeFor("{}", { id: "ours" }),
      MessageAttributes: toAttributes(reason),
    }),
  );
  // Whoever looks at dead letters hides them from recovery for a moment.
  await times(run, "delivered", before + 1);
  expect(way(await shown(idFor("ours"), "delivered"))).toEqual(["redriven by recovery", "delivered"]);
  const { overflow_bucket: bucket } = run.stack.outputs as { readonly overflow_bucket: string };
  const record = { messageId: "m", body: envelopeFor("{}", { id: "aside" }), attributes: {}, system: {} };
  await storeParked(run.cloud.s3, bucket, { kind: "events", oldest: new Date() }, [record]);
  await times(run, "delivered", before + 2);
  expect(way(await shown(idFor("aside"), "delivered"))).toEqual(["brought-back", "delivered"]);
});

test("while a person holds the breaker open it waits, and says for what", async () => {
  // A poll that is under way may still take it.
  destination.answer = () => ({ status: 503 });
  expect((await command("breaker", "open", "--reason", "maintenance")).code).toBe(0);
  const id = await posted("c-waits");
  expect(await shown(id, "waiting")).toMatchObject({
    history: {
      next: { what: "person", sentence: expect.stringMatching(/^A person has opened the breaker/) },
    },
  });
  expect(await json("events", "list", "--outcome", "waiting")).toMatchObject({ event: { id } });
  destination.answer = () => ({ status: 200 });
  await command("breaker", "close");
  expect(await shown(id, "waiting")).toMatchObject({
    history: { next: { what: "attempt", at: expect.any(String) } },
  });
});

test("list: the youngest first, chosen by what is given, within 80 columns; a beginning of many names them", async () => {
  const { code, stdout } = await command("events", "list");
  expect(code).toBe(0);
  const rows = stdout.trimEnd().split("\n");
  expect(rows.length).toBeGreaterThan(3);
  const some = await command("events", "list", "--limit", "2", "--json");
  expect(some.stdout.trimEnd().split("\n")).toHaveLength(2);
  expect(some.stderr).toMatch(/2 of \d+; the next ones: --until /);
  expect((await command("events", "list", "--status", "418")).stdout).toMatch(/^None of \d+ events/);
  const many = await command("events", "show", "webhook");
  expect([many.code, many.stderr]).toEqual([
    2,
    expect.stringMatching(/events have an id that begins with webhook/),
  ]);
  const none = await command("events", "show", "nobody");
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/No event nobody is known/)]);
});

test("tail tells what becomes of events as it happens, and Ctrl-C ends it well", async () => {
  const env = commandEnvironment();
  const child = spawn(process.execPath, [...COMMAND, "tail", "--json", "--data", bench.data], { env });
  await once(child.stderr, "data"); // it says that it has begun
  const told: EventStep[] = [];
  const lines = createInterface({ input: child.stdout });
  const delivered = (async () => {
    for await (const line of lines) {
      const eventStep = JSON.parse(line) as EventStep;
      told.push(eventStep);
      if (eventStep.step.kind === "delivered") child.kill("SIGINT");
    }
  })();
  const closed = once(child, "close") as Promise<[number | null]>;
  for (let event = 0; told.length === 0; event++) {
    const before = all(run, "delivered").length;
    await postUntilTaken(run, webhookEvent("tailed", { event }));
    await times(run, "delivered", before + 1);
  }
  const [code] = await closed;
  await delivered;
  expect(code).toBe(0);
  expect(told.map(({ step }) => step.kind)).toContain("delivered");
});
