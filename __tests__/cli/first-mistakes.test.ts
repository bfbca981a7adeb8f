import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { createProgram } from "../../cli/program.ts";
import { tellError } from "../../cli/tell-error.ts";
import { takenByNpm, withDashes } from "../../contract/npm-options.ts";
import { runInProcess } from "../support/in-process.ts";
import { copyToChange, REPOSITORY } from "../support/repository.ts";
import { launch } from "../support/started.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mistakes-"));
  await writeFile(join(folder, "cdktf.json"), "{}");
  for (const name of ["dev", "staging"]) {
    await mkdir(join(folder, "cdktf.out", "stacks", name), { recursive: true });
  }
  await mkdir(join(folder, "docs", "decisions"), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("--version is the checkout's", async () => {
  const { version } = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8")) as {
    version: string;
  };
  expect(await runInProcess(["--version"], {})).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});

test("the project is found from any folder in it, and an environment that is not there is a question", async () => {
  const { code, stderr } = await runInProcess(["dlq", "stats", "-e", "stagng"], {
    cwd: join(folder, "docs", "decisions"),
  });
  expect(code).toBe(2);
  expect(stderr).toBe(
    'error: There is no environment "stagng".\nDid you mean staging? Synthesised here: dev, staging.\n',
  );
});

test("outside of any project, the command works on the checkout that it was started from", async () => {
  const env = { GENESYS_DLQ_CHECKOUT: folder };
  const { stderr } = await runInProcess(["dlq", "stats", "-e", "stagng"], { cwd: tmpdir(), env });
  expect(stderr).toContain("Did you mean staging?");
});

test("nor has the configuration one of that name", async () => {
  const { code, stderr } = await runInProcess(["plan", "-e", "producton"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain('There is no environment "producton".\nDid you mean production? Name one of: ');
});

describe("a forgotten --", () => {
  const npm = { npm_lifecycle_event: "genesys-dlq", npm_config_user_agent: "npm" };

  test.each([
    [["dlq", "list"], { npm_config_json: "true" }, ["--json"]],
    [["dlq", "redrive"], { npm_config_dry_run: "true", npm_config_rate: "true" }, ["--rate", "--dry-run"]],
    [["dlq", "list", "--json"], { npm_config_json: "true" }, []], // npm's own configuration has it, too
    [["dlq", "purge"], { npm_config_yes: "true" }, []], // many have that for npx
    [["dlq", "list"], {}, []],
  ])("%j with %j: %j", async (words, taken, options) => {
    const found = takenByNpm(await createProgram(words), words, { ...npm, ...taken });
    expect(found.sort()).toEqual([...options].sort());
  });

  test("without npm, its variables mean nothing", async () => {
    expect(takenByNpm(await createProgram(), [], { npm_config_json: "true" })).toEqual([]);
  });

  test("is told with what to type", () => {
    expect(withDashes(["--json"], npm)).toEqual({
      message: "npm has taken --json for itself.",
      remedy: "Type -- before what is not npm's: npm run genesys-dlq -- … --json",
    });
  });

  test("ends the command before it does anything, and the local run likewise", async () => {
    const command = launch("npm", ["run", "-s", "genesys-dlq", "dlq", "redrive", "--dry-run"]);
    await command.exit;
    expect(command.lines.join("\n")).toContain("error: npm has taken --dry-run for itself.");
    const local = launch("npm", ["start", "--port", "0"]);
    expect(await local.exit).toEqual([1, null]);
    expect(local.lines.join("\n")).toContain("Type -- before what is not npm's: npm start -- … --port");
  });
});

test("a full disk is a sentence", () => {
  let said = "";
  const write = jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const code = tellError(Object.assign(new Error("x"), { code: "ENOSPC", path: "/data/dlq.jsonl" }), false);
  write.mockRestore();
  expect(code).toBe(1);
  expect(said).toBe("error: The disk is full: /data/dlq.jsonl.\nMake room, and run it again.\n");
});

test("a configuration that cannot be read is one sentence with its place, in every command that needs it", async () => {
  const copy = join(folder, "copy");
  await copyToChange(copy, "cli", "deployment", "terraform", "local");
  const file = join(copy, "infra", "environments.ts");
  await writeFile(file, (await readFile(file, "utf8")).replace("region:", "region;"));
  const command = launch(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "cli/main.ts", "plan", "dev"],
    copy,
  );
  expect(await command.exit).toEqual([1, null]);
  expect(command.lines).toEqual([
    expect.stringMatching(/^error: infra\/environments\.ts:\d+:\d+: Expected .+$/),
    "npm run synth tells whether it is mended.",
  ]);
});
