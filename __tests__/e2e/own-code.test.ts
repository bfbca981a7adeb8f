import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { runCommand } from "../support/command.ts";
import { startDestination } from "../support/destination.ts";
import { forAllTests } from "../support/hooks.ts";
import { readPage } from "../support/markdown.ts";
import { copyToChange, REPOSITORY } from "../support/repository.ts";
import { launch, type Started } from "../support/started.ts";

jest.setTimeout(180_000); // several synths on a machine that may be busy

const crm = forAllTests(startDestination);
/** A copy of the repository, in which somebody does what the README says. */
let copy: string;
let data: string;
let run: Started;
/** The handler, as the README shows it. */
let handlerFile: string;
let handler: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "own-code-"));
  data = join(copy, "data");
  await copyToChange(copy, "local", "terraform", "console");
  const { blocks } = readPage(await readFile(join(REPOSITORY, "README.md"), "utf8"));
  const [head = "", ...lines] = blocks.find(({ language }) => language === "ts")?.lines ?? [];
  handlerFile = join(copy, head.replace("// ", ""));
  handler = lines.join("\n").replace("https://crm.example.com", new URL(crm.url).origin);
  await change("infra/environments.ts", (text) =>
    text.replace(/destination: \{ kind: "http"[^\n]*\},/, 'destination: { kind: "handlers" },'),
  );
  run = launch(process.execPath, ["local/main.ts", "--port", "0", "--data", data], copy);
  await run.until(/^curl /);
});

afterAll(async () => {
  process.kill(-run.pid, "SIGINT");
  await run.exit;
  await rm(copy, { recursive: true, force: true });
});

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const path = join(copy, file);
  await writeFile(path, edit(await readFile(path, "utf8")));
}

/** As the README says. */
function send() {
  return runCommand(["send", "--type", "call.ended", "--data", data]);
}

test("both samples reach the handler that the project comes with: one is taken, and one is bad for good", async () => {
  await run.until(/delivered {2}on attempt 1$/);
  await run.until(/dead letter {2}permanent: The summary names no conversation\.$/);
});

test("a file that is added is found, without a restart, and gets the events of its type", async () => {
  await writeFile(handlerFile, handler);
  await run.until(/changed code runs from now on: \S+-processor$/);
  crm.answer = () => ({ status: 200 });
  expect(await send()).toMatchObject({ code: 0 });
  await run.until(/accepted {2}webhook call\.ended$/);
  while (crm.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(crm.requests[0]?.headers).toHaveProperty("idempotency-key");
});

test("code that does not build is told by its place, and the old one goes on", async () => {
  await appendFile(handlerFile, "\nconst broken = ;\n");
  const line = await run.until(/The old code goes on: /);
  const row = handler.split("\n").length + 1;
  expect(line).toContain(`functions/processor/handlers/call-ended.ts:${row}:16: Unexpected ";"`);
});

test("what a handler throws is shown with its text and its line; the code that mends it delivers the event", async () => {
  const mistaken = handler.replace("const headers", "(json as any).parts.length;\n  const headers");
  const row = mistaken.split("\n").findIndex((line) => line.includes(".parts")) + 1;
  await writeFile(handlerFile, mistaken);
  while (run.lines.filter((line) => line.includes("changed code runs")).length < 2)
    await run.until(/^/, run.lines.length);
  expect(await send()).toMatchObject({ code: 0 });
  const line = await run.until(/handler failed: TypeError/);
  expect(line).toMatch(
    new RegExp(
      `TypeError: Cannot read properties of undefined \\(reading 'length'\\) at functions/processor/handlers/call-ended\\.ts:${row}:\\d+$`,
    ),
  );
  await writeFile(handlerFile, handler);
  await run.until(/delivered {2}on attempt [2-9]$/);
});

test("another stack is not run half: it asks for a restart", async () => {
  await change("infra/environments.ts", (text) =>
    text.replace("logRetentionDays: 7", "logRetentionDays: 14"),
  );
  await run.until(/The stack has changed\. Start the local run anew/);
});
