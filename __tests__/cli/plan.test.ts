import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/command.ts";
import { runInProcess } from "../support/in-process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plan-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  [[], /^error: Which environment\?\nName one of: dev, staging, production\.\n$/],
  [["prod"], /^error: .*'prod'.* Allowed choices are dev, staging, production\.\n/],
  [["-e", "prod"], /^error: There is no environment "prod"\.\nName one of: dev, staging, production\.\n$/],
  [["dev", "-e", "staging"], /^error: Both dev and --environment staging are given\.\n/],
  [["dev", "--local"], /^error: --local has no meaning here\.\n/],
  [["dev", "--outputs", "o.json"], /^error: --outputs has no meaning here\.\n/],
])("plan and bootstrap %j: a user's error", async (args, said) => {
  for (const command of ["plan", "bootstrap"]) {
    const { code, stdout, stderr } = await runInProcess([command, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(said);
  }
});

test("without Terraform there is no plan: one error, with --json too, and a report that says so", async () => {
  const out = join(folder, "plan.md");
  const args = ["plan", "--environment", "dev", "--out", out, "--json"];
  const { code, stdout, stderr } = await runCommand(args, { env: { PATH: folder } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const remedy = "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install";
  expect(JSON.parse(stderr)).toEqual({
    error: { message: "There is no terraform on the PATH.", remedy, exitCode: 1 },
  });
  expect(await readFile(out, "utf8")).toContain(`There is no terraform on the PATH.\n${remedy}\n`);
});

test("the report of another plan that is to be equalled is looked for first", async () => {
  const { code, stderr } = await runInProcess(["plan", "dev", "--reviewed", join(folder, "nothing.json")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: \S+nothing\.json cannot be read\.\nIt is the JSON that an earlier --out wrote /,
  );
});

test("a short command loads nothing of what plans, synthesises or deploys", async () => {
  const record = `
    import { registerHooks } from "node:module";
    registerHooks({
      load(url, context, next) {
        process._rawDebug("loaded " + url);
        return next(url, context);
      },
    });`;
  const hooks = `--import data:text/javascript,${encodeURIComponent(record)}`;
  const loadedBy = async (...args: string[]) => {
    const { stderr } = await runCommand(args, { cwd: folder, env: { NODE_OPTIONS: hooks } });
    return (
      stderr.match(/(?<=^loaded file:.*\/)(cli|infra|terraform|deployment|functions|local)\/\S+$/gm) ?? []
    );
  };
  const status = await loadedBy("breaker", "status");
  expect(status).toContain("cli/commands/breaker.ts");
  expect(status.filter((path) => !path.startsWith("cli/"))).toEqual([]);
  expect(await loadedBy("plan", "dev", "--stack-dir", folder)).toEqual(
    expect.arrayContaining(["terraform/terraform.ts", "deployment/review/make-plan.ts"]),
  );
});
