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
 * @throws {StoppedApply} with what Terraform says where it stops, or why the outputs are not written
 */
export async function applyPlan(request: ApplyRequest): Promise<void> {
  const { environment, directory, file, env, interrupted, outputsFile } = request;
  const { code, stdout, stderr } = await step("terraform apply", request, () =>
    terraform(request.terraform, directory, ["apply", "-input=false", "-no-color", file], env, interrupted),
  );
  if (code !== 0) {
    const said = errorOf(stderr) ?? stdout.trim().split("\n").slice(-20).join("\n");
    const before = interrupted.aborted ? "It was interrupted: Terraform has noted what it did.\n" : "";
    throw new StoppedApply(
      `The deployment of ${environment} stopped half-way:\n${said}`,
      `${before}See what is left to do with: ${GENESYS_DLQ} plan ${environment}`,
    );
  }
  if (outputsFile === undefined) return;
  try {
    await writeOutputs(request, outputsFile);
  } catch (error) {
    throw new StoppedApply(
      `${environment} is deployed, and its outputs are not in ${outputsFile}: ${(error as Error).message}`,
      "Read them with terraform output in the stack's folder.",
    );
  }
}

/** Whatever is pressed by now: it is deployed, and takes a second. */
async function writeOutputs({ environment, directory, ...request }: ApplyRequest, to: string): Promise<void> {
  const args = ["output", "-no-color", "-json"];
  const { code, stdout, stderr } = await terraform(request.terraform, directory, args, request.env);
  if (code !== 0) throw new Error(errorOf(stderr) ?? `terraform output ended with code ${code}`);
  const given = JSON.parse(stdout) as Outputs;
  const values = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, `${JSON.stringify({ [environment]: values }, null, 2)}\n`);
}

type Outputs = Readonly<Record<string, { readonly value: unknown }>>;

/** Terraform's own error, without the frame around it. */
function errorOf(stderr: string): string | undefined {
  const lines = stderr.split("\n").map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd());
  const text = lines.join("\n").trim();
  return text === "" ? undefined : text;
}
