import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CommandError } from "../../contract/command-error.ts";
import type { PlanJson, StackJson } from "../../terraform/plan-json.ts";
import { type StepContext, step } from "../../terraform/steps.ts";
import { stackDirectory, synthesise } from "../../terraform/synthesise.ts";
import { type FoundTerraform, terraform } from "../../terraform/terraform.ts";
import { planErrorOf } from "./plan-error.ts";
import { isLocked, keepLock, readStackLock } from "./provider-lock.ts";

export interface PlanRequest extends StepContext {
  readonly environment: string;
  /** A folder with a stack that is synthesised already; by default it is synthesised here. */
  readonly stackDirectory?: string;
  readonly terraform: Extract<FoundTerraform, { command: string }>;
  /** Variables for Terraform beside the process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** For the plan file, which holds whatever is in the state: the caller removes it. */
  readonly temporary: string;
  /** Whether to ask AWS what is there; without, the state is believed, and no right but to the state is needed. */
  readonly refresh: boolean;
}

export interface MadePlan {
  readonly plan: PlanJson;
  readonly stack: StackJson;
  /** Which providers planned: `.terraform.lock.hcl`, or nothing where Terraform wrote none. */
  readonly lock: string;
  /** The stack's folder, in which the plan can be applied, and the plan's file. */
  readonly directory: string;
  readonly file: string;
}

/**
 * Synthesises a stack and plans it with its own backend.
 *
 * @throws {CommandError} in words for people, when a step fails
 * @throws the signal's reason when it is interrupted
 */
export async function makePlan(request: PlanRequest): Promise<MadePlan> {
  const { environment, temporary, interrupted } = request;
  if (request.stackDirectory === undefined)
    await step("synthesise", request, () => synthesise({ interrupted }));
  const directory = request.stackDirectory ?? stackDirectory(environment);
  const stack = await readStack(directory);
  const where = { environment, folder: request.stackDirectory ?? relative(process.cwd(), directory) };
  const run = (name: string, args: readonly string[]) =>
    step(`terraform ${name}`, request, async () => {
      const result = await terraform(request.terraform, directory, args, request.env, interrupted);
      interrupted.throwIfAborted();
      if (result.code !== 0) throw planErrorOf(`terraform ${name}`, result.stderr || result.stdout, where);
      return result.stdout;
    });
  const file = join(temporary, "plan");
  // What an earlier plan has locked in this folder is nobody's decision.
  const newest = request.stackDirectory === undefined && !(await isLocked()) ? ["-upgrade"] : [];
  await run("init", ["init", "-input=false", "-no-color", "-reconfigure", ...newest]);
  const believed = request.refresh ? [] : ["-refresh=false"];
  await run("plan", ["plan", "-input=false", "-no-color", `-out=${file}`, ...believed]);
  const plan = await run("show", ["show", "-no-color", "-json", file]);
  const lock = await readStackLock(directory);
  if (request.stackDirectory === undefined) await keepLock(lock, request.say);
  return { plan: JSON.parse(plan) as PlanJson, stack, lock, directory, file };
}

/** @throws {CommandError} where there is none */
export async function readStack(directory: string): Promise<StackJson> {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8").catch(() => {
    throw new CommandError(`There is no synthesised stack in ${directory}.`, "Write one with: npm run synth");
  });
  return JSON.parse(text) as StackJson;
}
