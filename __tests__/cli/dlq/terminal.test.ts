import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { COMMAND, commandEnvironment, runCommand } from "../../support/command.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { runOnTerminal } from "../../support/terminal.ts";

let deadLetters: DeadLetters;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => deadLetters.reset());

const escapes = (text: string) => text.includes("\u001b[");

test("colours on a terminal, and not with NO_COLOR, --no-color or in a pipe", async () => {
  await deadLetters.put("one");
  const args = ["dlq", "list", ...deadLetters.place];
  const plain = await runCommand(args);
  expect(escapes(plain.stdout)).toBe(false);
  const coloured = runOnTerminal(args);
  expect(await coloured.exitCode).toBe(0);
  expect(coloured.shown()).toContain("\u001b[1mDIED");
  const plainOnes = [
    runOnTerminal(args, { env: { NO_COLOR: "1" } }),
    runOnTerminal([...args, "--no-color"]),
    runOnTerminal([...args, "--json"]),
  ];
  for (const run of plainOnes) {
    expect(await run.exitCode).toBe(0);
    expect(escapes(run.shown())).toBe(false);
  }
});

test("Ctrl-C at a redrive that shows its progress: the bar goes, what is left is told, nothing is hidden", async () => {
  for (let i = 0; i < 40; i++) await deadLetters.put(String(i));
  const run = runOnTerminal(["dlq", "redrive", "--rate", "4", ...deadLetters.place]);
  await run.until(/█.* \d+ of 40 redriven \|/);
  run.type("\x03");
  expect(await run.exitCode).toBe(130);
  const done = deadLetters.cloud.messages("main").length;
  expect(run.shown()).toContain(`${done} of 40 redriven.\r\n${40 - done} are left, and visible`);
  expect(run.shown()).toMatch(/Interrupted\.\r\n$/);
  expect(deadLetters.state().filter(({ visible }) => visible)).toHaveLength(40 - done);
});

test("a script sees no progress bar, however long it takes", async () => {
  for (let i = 0; i < 12; i++) await deadLetters.put(String(i));
  const { stderr } = await deadLetters.dlq("redrive", "--rate", "4");
  expect(stderr).toBe("");
});

test("| head ends it quietly, with all messages visible", async () => {
  for (let i = 0; i < 30; i++) await deadLetters.put(`${i} ${"x".repeat(20_000)}`);
  const command = [process.execPath, ...COMMAND, "dlq", "export", "-", ...deadLetters.place];
  const script = `${command.map((word) => `'${word}'`).join(" ")} | head -c 10 > /dev/null; echo "\${PIPESTATUS[0]}"`;
  const shell = spawn("bash", ["-c", script], { env: commandEnvironment() });
  const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, "close")]);
  expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  expect(deadLetters.state().filter(({ visible }) => visible)).toHaveLength(30);
});
