import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFinding, lockStack } from "../../infra/provider-lock.ts";
import { copyToChange, synth } from "../support/repository.ts";

/** As Terraform writes it. */
const lockOf = (
  version: string,
  constraints: string,
) => `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "${version}"
  constraints = "${constraints}"
  hashes = [
    "h1:AAAA=",
  ]
}
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a stack's lock file says the team's version, and the stack's own range", async () => {
  await lockStack(lockOf("6.25.0", ">= 5.100.0, < 7.0.0"), folder, ">= 6.21.0, < 7.0.0");
  expect(await readFile(join(folder, ".terraform.lock.hcl"), "utf8")).toBe(
    lockOf("6.25.0", ">= 6.21.0, < 7.0.0"),
  );
});

test.each([
  ["6.21.0", true],
  ["6.100.1", true],
  ["6.8.0", false],
  ["7.0.0", false],
])("%s is within >= 6.21.0, < 7.0.0: %s", (version, within) => {
  const range = ">= 6.21.0, < 7.0.0";
  const finding = lockFinding(lockOf(version, range), range);
  expect(finding === undefined).toBe(within);
  if (!within) expect(finding).toContain(`AWS provider ${version}, and the settings need ${range}`);
});

test("synth hands the committed lock file to every stack, and refuses one that is too old for it", async () => {
  const copy = join(folder, "copy");
  await copyToChange(copy);
  const lock = join(copy, "infra", "terraform.lock.hcl");
  await writeFile(lock, lockOf("6.30.0", ">= 6.21.0, < 7.0.0"));
  expect(await synth(copy, join(folder, "out"))).toMatchObject({ code: 0 });
  for (const environment of ["dev", "staging", "production"]) {
    const written = join(folder, "out", "stacks", environment, ".terraform.lock.hcl");
    expect(await readFile(written, "utf8")).toContain('"6.30.0"');
  }
  await writeFile(lock, lockOf("5.100.0", ">= 5.100.0, < 7.0.0"));
  const { code, stderr } = await synth(copy, join(folder, "refused"));
  expect(code).toBe(1);
  expect(stderr).toContain("production: infra/terraform.lock.hcl says AWS provider 5.100.0");
});
