import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, UsageError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { valuesOf } from "./outputs-file.ts";

interface Run {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

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
  let run = await terraform(folder, profile, ["output", "-json", "-no-color"]);
  if (run.code !== 0 && /terraform init|initialization required/i.test(run.stderr)) {
    const init = await terraform(folder, profile, ["init", "-input=false", "-no-color"]);
    if (init.code !== 0) throw failed("initialise", init);
    run = await terraform(folder, profile, ["output", "-json", "-no-color"]);
  }
  if (run.code !== 0) throw failed("read the outputs", run);
  const values = valuesOf(JSON.parse(run.stdout));
  if (Object.keys(values).length > 0) return values;
  throw new CommandError(
    `${environment} is not deployed: its state has no outputs.`,
    `Deploy it with npx cdktf deploy ${environment}, or give its outputs with --outputs FILE.`,
  );
}

function terraform(folder: string, profile: string | undefined, args: readonly string[]): Promise<Run> {
  const env = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    ...defined({ AWS_PROFILE: profile }),
  };
  return new Promise((resolve) => {
    execFile("terraform", args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 1), stdout, stderr });
    });
  });
}

function failed(doing: string, { code, stderr }: Run): CommandError {
  if (code === "ENOENT") {
    return new CommandError(
      "There is no terraform on the PATH.",
      "Give the stack's outputs with --outputs FILE.",
    );
  }
  const said = /Error: .*/.exec(stderr)?.[0] ?? stderr.trim().split("\n")[0] ?? "";
  return new CommandError(
    `Terraform could not ${doing}: ${said}`,
    "Check credentials and --profile for the state's backend, or give the outputs with --outputs FILE.",
  );
}
