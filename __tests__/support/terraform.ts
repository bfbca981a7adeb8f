import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useKnownRuntime } from "../../deployment/rehearsal/known-runtime.ts";
import { type FoundTerraform, findTerraform } from "../../terraform/terraform.ts";
import { copyToChange, type Run, synth } from "./repository.ts";

export type Terraform = Extract<FoundTerraform, { command: string }>;

/**
 * Terraform, or `undefined` after one line that says why the tests are skipped.
 *
 * @throws where `CI` is `true`: there a skip is a failure
 */
export async function terraformOrSkip(directory: string): Promise<Terraform | undefined> {
  const found = await findTerraform(directory);
  if (!("missing" in found)) return found;
  if (process.env["CI"] === "true") throw new Error(`Terraform tests cannot run: ${found.missing}`);
  process.stderr.write(`Terraform tests are skipped: ${found.missing}\n`);
  return undefined;
}

/** Synthesises the team's environments with a runtime that the provider at hand knows. */
export async function synthForProvider(found: Terraform, outdir: string): Promise<Run> {
  const copy = await temporaryDirectory();
  try {
    await copyToChange(copy);
    await useKnownRuntime(copy, found.provider);
    return await synth(copy, outdir);
  } finally {
    await removeDirectory(copy);
  }
}

export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "terraform-"));
}

export function removeDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}

/** A copy of a synthesised stack that can be planned here: state in a file, and nobody asks AWS who we are. */
export async function copyForPlan(stack: string, directory: string): Promise<void> {
  await cp(stack, directory, { recursive: true });
  const aws = {
    access_key: "test",
    secret_key: "test",
    skip_credentials_validation: true,
    skip_metadata_api_check: "true",
    skip_requesting_account_id: true,
    skip_region_validation: true,
  };
  const override = { terraform: { backend: { local: {} } }, provider: { aws } };
  await writeFile(join(directory, "override.tf.json"), JSON.stringify(override));
}
