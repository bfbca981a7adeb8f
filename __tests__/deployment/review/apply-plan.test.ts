import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyPlan, StoppedApply } from "../../../deployment/review/apply-plan.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apply-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Applies with a program in Terraform's place, which is `script` of a shell. */
async function apply(script: string, interrupted = new AbortController()): Promise<void> {
  const command = join(folder, "terraform");
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  await applyPlan({
    environment: "production",
    terraform: { command, env: {} },
    env: {},
    directory: folder,
    file: "plan",
    outputsFile: join(folder, "out", "outputs.json"),
    say: (line) => {
      if (line.startsWith("terraform apply:")) interrupted.abort(new Error("Ctrl-C"));
    },
    interrupted: interrupted.signal,
  });
}

test("what is interrupted once it is deployed is deployed: its outputs are written", async () => {
  await apply(`[ "$1" = apply ] || echo '{"queue_url":{"value":"https://queue"}}'`);
  expect(JSON.parse(await readFile(join(folder, "out", "outputs.json"), "utf8"))).toEqual({
    production: { queue_url: "https://queue" },
  });
});

test.each([
  ["an apply that stops", "echo '╷\n│ Error: planted' >&2; exit 1", /stopped half-way:\nError: planted/],
  [
    "outputs that cannot be read",
    '[ "$1" = apply ] || exit 1',
    /^production is deployed, and its outputs are not/,
  ],
])("%s is told as what it is", async (_what, script, said) => {
  const failure = await apply(script).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StoppedApply);
  expect((failure as Error).message).toMatch(said);
});
