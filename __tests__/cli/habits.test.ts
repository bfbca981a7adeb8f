import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describeTree } from "../../cli/completion/tree.ts";
import { createProgram } from "../../cli/program.ts";
import { startBlackHole } from "../support/black-hole.ts";
import { COMMAND, commandEnvironment, runCommand } from "../support/command.ts";
import { runInProcess } from "../support/in-process.ts";
import { REPOSITORY } from "../support/repository.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "habits-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const paths = describeTree(await createProgram()).map(({ path }) => path);

test.each(paths)("%s --help: what it does, and examples of how", async (path) => {
  const [, ...names] = path.split(" ");
  let said = "";
  let command = await createProgram();
  for (const name of names) {
    const found = command.commands.find((each) => each.name() === name);
    if (!found) throw new Error(`no ${name}`);
    command = found;
  }
  command.configureOutput({ writeOut: (text) => (said += text) });
  command.outputHelp();
  expect(command.description()).not.toBe("");
  expect(said).toMatch(new RegExp(`\nExamples:\n(.*\n)* +(.*\\| )?${path.replace(/ /g, " ")}`));
});

test("a command line has the commands that it names; all of them where it names none, or is for a shell", async () => {
  const commands = async (...words: string[]) =>
    (await createProgram(words)).commands.map((command) => command.name());
  const all = await commands();
  expect(all).toEqual(
    expect.arrayContaining(["doctor", "dlq", "breaker", "send", "secret", "genesys", "plan", "bootstrap"]),
  );
  expect(await commands("-e", "production", "breaker", "status")).toEqual(["breaker"]);
  expect(await commands("help", "dlq")).toEqual(["dlq"]);
  for (const words of [["--help"], ["breker"], ["completion", "zsh"]]) {
    expect(await commands(...words)).toEqual(all);
  }
});

test("the program's help names the exit codes, and goes to stdout", async () => {
  const { code, stdout, stderr } = await runInProcess(["--help"], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /Exit codes:\n {2}0 +done\n {2}1 +failed.*\n {2}2 +.*\n {2}3 +.*\n {2}4 +.*\n {2}130 +interrupted/,
  );
});

test.each([
  [["breker"], /unknown command 'breker'\n\(Did you mean breaker\?\)/],
  [["breaker", "statsu"], /unknown command 'statsu'\n\(Did you mean status\?\)/],
  [["breaker", "status", "--jsno"], /unknown option '--jsno'\n\(Did you mean --json\?\)/],
  [["completion", "fish"], /Allowed choices are bash, zsh/],
  [["breaker", "status"], /^error: There is no local run here\.\nStart one with npm start; or /],
])("%j: a user's error is exit code 2, on stderr, without a stack trace", async (args, said) => {
  const { code, stdout, stderr } = await runInProcess(args, { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/^\s+at /m);
});

const NO_LOCAL_RUN =
  "Start one with npm start; or name what is deployed with --environment NAME or --outputs FILE.";
const HELP = "--help tells what can be given.";

test.each([
  [["--json"], "A command is missing.", "--help lists those that there are."],
  [["dlq", "--json"], "A command is missing.", "--help lists those that there are."],
  [["--json", "breker"], "unknown command 'breker'", "Did you mean breaker?"],
  [["breaker", "status", "--jsno", "--json"], "unknown option '--jsno'", "Did you mean --json?"],
  [["dlq", "show", "--json"], "missing required argument 'id'", HELP],
  [["plan", "--json"], "Which environment?", "Name one of: dev, staging, production."],
  [["send", "--json", "--count"], "option '--count <n>' argument missing", HELP],
  [["breaker", "status", "--json"], "There is no local run here.", NO_LOCAL_RUN],
])("%j: with --json, an error is one line of JSON on stderr", async (args, message, remedy) => {
  const { code, stdout, stderr } = await runInProcess(args, { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(stderr)).toEqual({ error: { message, remedy, exitCode: 2 } });
});

test("an option's value that is wrong, with --json; and --json behind -- asks for nothing", async () => {
  const { stderr } = await runInProcess(["dlq", "redrive", "--rate", "0", "--json"], { cwd: folder });
  expect(JSON.parse(stderr).error.message).toMatch(
    /^option '--rate <number>' argument '0' is invalid\. .*10000\.$/,
  );
  const behind = await runInProcess(["breaker", "statsu", "--", "--json"], { cwd: folder });
  expect(behind.stderr).toMatch(/^error: unknown command 'statsu'\n/);
});

test("Ctrl-C, with --json: what had a result tells it, and the error says that it was interrupted", async () => {
  const nobody = await startBlackHole();
  try {
    const interrupt = nobody.connected;
    const args = ["send", "--json", "--unsigned", "--url", nobody.endpoint];
    const { code, stdout, stderr } = await runCommand(args, { interrupt });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ url: nobody.endpoint });
    expect(JSON.parse(stderr)).toEqual({ error: { message: "Interrupted.", remedy: "", exitCode: 130 } });
  } finally {
    await nobody.stop();
  }
});

test("help is no error, with --json either", async () => {
  const { code, stdout, stderr } = await runInProcess(["breaker", "--help", "--json"], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /--json +JSON on stdout, and nothing else there; an error is one line of JSON on stderr\n/,
  );
});

test("the launcher runs the command with the project's own Node, and ends as it does", async () => {
  const launcher = join(REPOSITORY, "cli", "genesys-dlq.mjs");
  const launch = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [launcher, ...args], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  const help = await launch("breaker", "--help");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("Usage: genesys-dlq breaker");
  expect(await launch("breker")).toMatchObject({ code: 2, stdout: "" });
});

test("help that nobody reads to its end is no error", async () => {
  const child = spawn(process.execPath, [...COMMAND, "dlq", "--help"], {
    env: commandEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy(); // as `| head` does when it has enough
  const said = text(child.stderr);
  const [code] = await once(child, "exit");
  expect({ code, said: await said }).toEqual({ code: 0, said: "" });
});
