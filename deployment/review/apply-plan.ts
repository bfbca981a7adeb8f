import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { type StepContext, step } from "../../terraform/steps.ts";
import { type FoundTerraform, terraform } from "../../terraform/terraform.ts";

export interface ApplyRequest extends StepContext {
  readonly environment: string;
  readonly terraform: Extract<FoundTerraform, { command: string }>;
  readonly env: Readonly<Record<string, string>>;
  /** The stack's folder. */
  readonly directory: string;
  /** The plan's file: Terraform refuses it where the state is another one by now. */
  readonly file: string;
  /** For the outputs, as `cdktf deploy --outputs-file` writes them. */
  readonly outputsFile?: string;
}

/** An apply that did not come to its end: some of the plan is done. */
export class StoppedApply extends CommandError {}

/**
 * Applies a plan that was made and reviewed: that one, and no other.
 *
 * @throws {StoppedApply} with what Terraform says, where it stops
 */
export async function applyPlan(request: ApplyRequest): Promise<void> {
  const { environment, directory, file, outputsFile } = request;
  const run = async (title: string, args: readonly string[]) => {
    const result = await step(title, request, () =>
      terraform(request.terraform, directory, args, request.env, request.interrupted),
    );
    if (result.code === 0) return result.stdout;
    const said = errorOf(result.stderr) ?? result.stdout.trim().split("\n").slice(-20).join("\n");
    const before = request.interrupted.aborted
      ? "It was interrupted: Terraform has noted what it did.\n"
      : "";
    throw new StoppedApply(
      `The deployment of ${environment} stopped half-way:\n${said}`,
      `${before}See what is left to do with: ${GENESYS_DLQ} plan ${environment}`,
    );
  };
  await run("terraform apply", ["apply", "-input=false", "-no-color", file]);
  if (outputsFile === undefined) return;
  const given = JSON.parse(await run("terraform output", ["output", "-no-color", "-json"])) as Outputs;
  const values = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
  await mkdir(dirname(outputsFile), { recursive: true });
  await writeFile(outputsFile, `${JSON.stringify({ [environment]: values }, null, 2)}\n`);
}

type Outputs = Readonly<Record<string, { readonly value: unknown }>>;

/** Terraform's own error, without the frame around it. */
function errorOf(stderr: string): string | undefined {
  const lines = stderr.split("\n").map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd());
  const text = lines.join("\n").trim();
  return text === "" ? undefined : text;
}
