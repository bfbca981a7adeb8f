import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { createProgram } from "../../cli/program.ts";
import { muteErrors } from "../../cli/tell-error.ts";
import { CDKTF, GENESYS_DLQ } from "../../contract/command-line.ts";
import { REPOSITORY } from "../support/repository.ts";
import { fullInput, synthesise } from "../support/synthesise.ts";

const manifest = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));

/** Text that sends a person, or a pipeline, to commands: papers, workflows and alarms, whole command lines. */
const papers = new Map<string, string>();
/** Code that says commands in sentences: where one ends, only a person sees. */
const sources = new Map<string, string>();

async function readAll(into: Map<string, string>, folder: string, names: RegExp): Promise<void> {
  const entries = await readdir(join(REPOSITORY, folder), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => names.test(name))) {
    const path = join(entry.parentPath, entry.name);
    into.set(path.slice(REPOSITORY.length + 1), await readFile(path, "utf8"));
  }
}

for (const name of ["README.md", "help"]) papers.set(name, await readFile(join(REPOSITORY, name), "utf8"));
await readAll(papers, ".github/workflows", /\.yml$/);
await readAll(papers, "docs", /\.md$/);
for (const alarm of Object.values(synthesise(fullInput).resources("aws_cloudwatch_metric_alarm"))) {
  const first = /Run first: (.+?)\. It is set there/.exec(String(alarm["alarm_description"]))?.[1];
  papers.set(`alarm ${alarm["alarm_name"]}`, first ?? "");
}
for (const room of ["cli", "contract", "deployment", "infra", "local", "terraform"]) {
  await readAll(sources, room, /\.(ts|mjs)$/);
}
const all = [...papers, ...sources];

/** The program with actions that do nothing: only the command line is looked at. */
async function harmless(): Promise<Command> {
  const program = await createProgram();
  const disarm = (command: Command) => {
    if (command.commands.length === 0) command.action(() => {});
    command.configureOutput({ writeOut: () => {} });
    command.commands.forEach(disarm);
  };
  disarm(program);
  muteErrors(program);
  return program;
}

/** As a shell splits what is on one line, up to a comment, a pipe or the next command. */
function wordsOf(line: string): string[] {
  const command = line.split(/\s(?:#|\||&&)|`/)[0] ?? "";
  return (command.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? []).map((word) =>
    word
      .replace(/^(["'])(.*)\1$/, "$2")
      .replace("$ENVIRONMENT", "staging")
      .replace(/^<environment>$/, "staging"),
  );
}

/** Whether words begin with a command that can be run. */
function beginsWithCommand(program: Command, words: readonly string[]): boolean {
  let command = program;
  for (const word of words) {
    const child = command.commands.find((each) => each.name() === word);
    if (child === undefined) return false;
    if (child.commands.length === 0) return true;
    command = child;
  }
  return false;
}

function found(texts: Iterable<readonly [string, string]>, pattern: RegExp): (readonly [string, string])[] {
  return [...texts].flatMap(([name, text]) =>
    [...text.matchAll(pattern)].map((match) => [name, (match[1] ?? match[0]).trimEnd()] as const),
  );
}

test("nothing sends anybody to npx: of a name that is free, or of a tool that the checkout has", () => {
  const allowed = "contract/command-line.ts"; // says why not
  const sent = found(all, /npx (?:-\S+ )*(?:genesys-dlq|cdktf|@genesys-events\/\S+)/g);
  expect(sent.filter(([name]) => name !== allowed)).toEqual([]);
});

test("the package cannot be published, and its name is in a scope", () => {
  expect(manifest).toMatchObject({ private: true, name: expect.stringMatching(/^@[a-z-]+\/[a-z-]+$/) });
  expect(Object.keys(manifest.bin)).toEqual(["genesys-dlq"]);
});

test("every script that is named is one of package.json", () => {
  const named = found(all, /npm run (?:-s |--silent )?([a-z][\w:-]*)/g);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(([, script]) => manifest.scripts[script] === undefined)).toEqual([]);
  expect([GENESYS_DLQ, CDKTF]).toEqual(["npm run genesys-dlq --", "npm run cdktf --"]);
});

const lines = found(papers, /npm run (?:-s )?((?:genesys-dlq|plan|bootstrap) -- .*)/g);

test("papers, workflows and alarms name commands", () => {
  const from = new Set(lines.map(([name]) => name.replace(/^alarm .*/, "alarm")));
  expect([...from].sort()).toEqual(
    expect.arrayContaining([".github/workflows/plan.yml", "README.md", "alarm", "help"]),
  );
});

/** @throws {Error} where the program does not take the words; help is taken */
async function take(words: readonly string[]): Promise<void> {
  const program = await harmless();
  await program.parseAsync(words, { from: "user" }).catch((error: unknown) => {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) {
      throw new Error(`${words.join(" ")}: ${(error as Error).message}`);
    }
  });
}

test.each(lines)("%s: %s is a command line that the program takes", async (name, line) => {
  // In `help`, what a command does stands beside it.
  const command = name === "help" ? line.split(/ {3,}/)[0] : line.replace(/\$[A-Z]+_OPTIONS/g, "");
  const [script = "", , ...words] = wordsOf(command ?? "");
  await take(script === "genesys-dlq" ? words : [script, ...words]);
});

const examples = (function examplesOf(command: Command): string[] {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const own = (help.split("\nExamples:\n")[1] ?? "").split("\n\n")[0] ?? "";
  return [...own.matchAll(/genesys-dlq (?=[a-z])[^|>)&\n]*/g)]
    .map(([line]) => line.split(/ {3,}/)[0] ?? "")
    .concat(command.commands.flatMap(examplesOf));
})(await createProgram());

test.each([...new Set(examples)])("--help's example %s is a command line that the program takes", (line) =>
  take(wordsOf(line).slice(1)),
);

test("what errors and doctor tell a person to run is a command", async () => {
  const program = await harmless();
  const told = [
    ...found(sources, /\$\{GENESYS_DLQ\} ([a-z -]+)/g),
    ...found(sources, /commandFor\(\s*\w+,\s*["`]([a-z -]+)/g),
    ...found(sources, /operate\("([a-z -]+)/g),
  ];
  expect(told.length).toBeGreaterThan(15);
  expect(told.filter(([, words]) => !beginsWithCommand(program, words.split(" ")))).toEqual([]);
});

describe("outside of a checkout", () => {
  test.each([`${GENESYS_DLQ} dlq stats`, `${CDKTF} deploy dev`])(
    "%s ends with a word, and asks no registry",
    async (line) => {
      const folder = await mkdtemp(join(tmpdir(), "elsewhere-"));
      const asked: (string | undefined)[] = [];
      const registry = createServer(({ url }, response) => {
        asked.push(url);
        response.writeHead(404).end("{}");
      }).listen(0, "127.0.0.1");
      await once(registry, "listening");
      try {
        const { port } = registry.address() as AddressInfo;
        const env = {
          PATH: process.env["PATH"],
          HOME: folder,
          npm_config_cache: join(folder, "cache"),
          npm_config_registry: `http://127.0.0.1:${port}`,
          npm_config_update_notifier: "false",
        };
        const [program = "", ...args] = line.split(" ");
        const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
          execFile(program, args, { cwd: folder, env }, (error, stdout, stderr) =>
            resolve({ code: error?.code ?? 0, said: stdout + stderr }),
          );
        });
        expect(code).not.toBe(0);
        expect(said).toMatch(/Could not read package\.json|Missing script/);
        expect(asked).toEqual([]);
        expect(await readdir(folder)).not.toContain("node_modules");
      } finally {
        registry.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
