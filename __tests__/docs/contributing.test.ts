import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionName } from "../../contract/environment.ts";
import { applyEdit, blocksIn, type DocumentEdit, editsIn, sectionOf } from "../support/document-edits.ts";
import { functionVariables } from "../support/function-variables.ts";
import { copyToChange, REPOSITORY, type Run, synth } from "../support/repository.ts";
import { parseStack } from "../support/synthesise.ts";

const SLOW_MS = 180_000; // real processes on a machine that may be busy

let directory: string;
/** A copy of the repository, to which the document's changes are made. */
let copy: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "contributing-"));
  copy = join(directory, "copy");
  await copyToChange(copy);
}, SLOW_MS);

afterAll(() => rm(directory, { recursive: true, force: true }), SLOW_MS);

describe("how to add a setting", () => {
  let section: string;
  let edits: readonly DocumentEdit[];

  beforeAll(async () => {
    const document = await readFile(join(REPOSITORY, "docs", "CONTRIBUTING.md"), "utf8");
    section = sectionOf(document, "How to add a setting");
    edits = editsIn(section);
    for (const edit of edits) await change(edit.file, (text) => applyEdit(text, edit));
  });

  test("it takes three files", () => {
    expect(new Set(edits.map(({ file }) => file)).size).toBe(3);
  });

  test(
    "what a team sets arrives in the function, and the default where it sets nothing",
    async () => {
      const [setting = ""] = blocksIn(section, "ts");
      await change("infra/environments.ts", (text) =>
        applyEdit(text, { file: "environments.ts", before: "  dev: {\n", after: `  dev: {\n${setting}` }),
      );

      expect(await synth(copy, join(directory, "out"))).toMatchObject({ code: 0, stdout: "" });

      const [dev, staging] = await Promise.all([
        settingsOf("receiver", "dev"),
        settingsOf("receiver", "staging"),
      ]);
      expect(dev).toHaveProperty("queueTimeoutSeconds", 3);
      expect(staging).toHaveProperty("queueTimeoutSeconds", 2);
    },
    SLOW_MS,
  );

  test(
    "it compiles; a value that no construct gives does not, nor one that nothing declares",
    async () => {
      await change("contract/variables/receiver.ts", (text) =>
        text.replace("...everyFunction,", "...everyFunction,\n  fromNobody: fromStack(text),"),
      );
      await change("functions/receiver/settings.ts", (text) =>
        text.concat("\nexport const undeclared = () => receiverSettings().undeclared;\n"),
      );
      await writeFile(
        join(copy, "tsconfig.json"),
        JSON.stringify({
          extends: join(REPOSITORY, "tsconfig.json"),
          include: ["main.ts", "contract", "infra", "functions"],
        }),
      );

      const { stdout } = await node([join(REPOSITORY, "node_modules", "typescript", "bin", "tsc")]);

      const errors = stdout.split("\n").filter((line) => /error TS/.test(line));
      expect(errors.sort()).toEqual([
        expect.stringMatching(/^functions\/receiver\/settings\.ts.* 'undeclared' does not exist on type/),
        expect.stringMatching(/^infra\/constructs\/receiver\.ts.* Property 'fromNobody' is missing /),
      ]);
    },
    SLOW_MS,
  );
});

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const path = join(copy, file);
  await writeFile(path, edit(await readFile(path, "utf8")));
}

/** A function's settings, loaded by the copy's own code from what the copy has synthesised. */
async function settingsOf(name: FunctionName, environment: string): Promise<unknown> {
  const stack = parseStack(
    await readFile(join(directory, "out", "stacks", environment, "cdk.tf.json"), "utf8"),
  );
  const load = `import { ${name}Settings } from "./functions/${name}/settings.ts";
    process.stdout.write(JSON.stringify(${name}Settings()));`;
  const { code, stdout, stderr } = await node(
    ["--input-type=module", "--eval", load],
    functionVariables(stack, name),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", ...args],
      { cwd: copy, env: { PATH: process.env["PATH"], ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
