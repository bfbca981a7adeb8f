import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, UsageError } from "../../contract/command-error.ts";
import { CDKTF } from "../../contract/command-line.ts";
import { defined } from "../../contract/defined.ts";
import { findTerraform, type TerraformResult, terraform } from "../../terraform/terraform.ts";
import { valuesOf } from "./outputs-file.ts";

/**
 * A deployed stack's outputs, from its state. Terraform is initialised in the stack's folder where that has not
 * been done yet.
 *
 * @param folder with its `cdk.tf.json`
 * @throws {CommandError} where Terraform is not there or has no outputs
 */
export async function askTerraform(
  folder: string,
  { environment, profile }: { readonly environment?: string; readonly profile?: string },
): Promise<Readonly<Record<string, unknown>>> {
  await access(join(folder, "cdk.tf.json")).catch(() => {
    throw new UsageError(
      `There is no stack ${environment} in ${folder}.`,
      "npm run synth writes it; or give its outputs with --outputs FILE.",
    );
  });
  const run = await readOutputs(folder, defined({ AWS_PROFILE: profile }));
  if (run.code !== 0) throw failed("read the outputs", run);
  const values = valuesOf(JSON.parse(run.stdout));
  if (Object.keys(values).length > 0) return values;
  throw new CommandError(
    `${environment} is not deployed: its state has no outputs.`,
    `Deploy it with ${CDKTF} deploy ${environment}, or give its outputs with --outputs FILE.`,
  );
}

async function readOutputs(folder: string, env: Readonly<Record<string, string>>): Promise<TerraformResult> {
  const temporary = await mkdtemp(join(tmpdir(), "outputs-"));
  try {
    const found = await findTerraform(temporary, false);
    if ("missing" in found) {
      throw new CommandError(
        "There is no terraform on the PATH.",
        "Give the stack's outputs with --outputs FILE.",
      );
    }
    const run = (...args: string[]) => terraform(found, folder, args, env);
    const first = await run("output", "-json", "-no-color");
    if (first.code === 0 || !/terraform init|initialization required/i.test(first.stderr)) return first;
    const init = await run("init", "-input=false", "-no-color");
    if (init.code !== 0) throw failed("initialise", init);
    return await run("output", "-json", "-no-color");
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function failed(doing: string, { stderr }: TerraformResult): CommandError {
  const said = /Error: .*/.exec(stderr)?.[0] ?? stderr.trim().split("\n")[0] ?? "";
  return new CommandError(
    `Terraform could not ${doing}: ${said}`,
    "Check credentials and --profile for the state's backend, or give the outputs with --outputs FILE.",
  );
}
