import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandError, Interrupted } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import type { PlanJson, StackJson } from "../../terraform/plan-json.ts";
import { step } from "../../terraform/steps.ts";
import { findTerraform } from "../../terraform/terraform.ts";
import type { Found } from "./already-there.ts";
import { applyPlan, StoppedApply } from "./apply-plan.ts";
import { makePlan } from "./make-plan.ts";
import { Names } from "./names.ts";
import { withoutTerraform } from "./plan-error.ts";
import { lockBeside, takeLockOf } from "./provider-lock.ts";
import { type ReviewReport, readReview, reportOn, writeFailure, writeReport } from "./report.ts";
import { reviewPlan } from "./review.ts";

export interface PlanOptions {
  readonly environment: string;
  /** A file for the report; the same as JSON goes beside it. */
  readonly out?: string;
  readonly allowDataLoss: boolean;
  /** The JSON of an earlier review, which this one has to equal. */
  readonly reviewed?: string;
  /** A folder with a stack that is synthesised already. */
  readonly stackDir?: string;
  /** Whether AWS is asked what is there. */
  readonly refresh: boolean;
  /** Whether anything to do, and any drift, wants a person. */
  readonly expectUnchanged: boolean;
  /** Whether to apply the very plan, where nothing speaks against it. */
  readonly apply: boolean;
  /** With `apply`, a file for the stack's outputs, as `cdktf deploy` writes them. */
  readonly outputsFile?: string;
  /** AWS profile for Terraform. */
  readonly profile?: string;
}

export interface PlanPorts {
  /** Told of each step. */
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/**
 * Plans an environment and reviews the plan; nothing is changed but the files that were asked for.
 *
 * @throws {CommandError} where there is no plan, its exit code `attention` where Terraform refuses to delete what is
 *   protected. The report's file then says why, lest it be an older plan's.
 * @throws {Interrupted} when the signal is aborted
 */
export async function reviewEnvironment(options: PlanOptions, ports: PlanPorts): Promise<ReviewReport> {
  const temporary = await mkdtemp(join(tmpdir(), "plan-"));
  // Whatever ends the process: the plan file holds what the state holds.
  const tidy = () => rmSync(temporary, { recursive: true, force: true });
  process.once("exit", tidy);
  try {
    return await review(options, ports, temporary);
  } catch (error) {
    if (error instanceof StoppedApply) throw error;
    if (ports.interrupted.aborted) throw new Interrupted("Interrupted.", "Nothing was changed.");
    if (options.out !== undefined) {
      const { message, remedy = "" } = error as Partial<CommandError> & Error;
      await writeFailure(options.out, options.environment, [message, remedy].filter(Boolean).join("\n"));
    }
    throw error;
  } finally {
    process.off("exit", tidy);
    tidy();
  }
}

async function review(options: PlanOptions, ports: PlanPorts, temporary: string): Promise<ReviewReport> {
  const { environment, stackDir, profile, out } = options;
  // Read first: nobody waits for a plan to learn that a file is missing.
  const reviewed = options.reviewed === undefined ? undefined : await readReview(options.reviewed);
  if (options.reviewed !== undefined && stackDir === undefined) await takeLockOf(options.reviewed);
  const terraform = await findTerraform(temporary, false);
  if ("missing" in terraform) throw withoutTerraform(terraform.missing);
  const env = defined({ AWS_PROFILE: profile });
  const made = await makePlan({
    environment,
    ...defined({ stackDirectory: stackDir }),
    terraform,
    env,
    temporary,
    refresh: options.refresh,
    ...ports,
  });
  const { plan, stack, lock } = made;
  const found = options.refresh
    ? await step("look in the account", ports, () => lookForCreated(plan, stack, profile))
    : NOT_LOOKED_FOR;
  ports.interrupted.throwIfAborted();
  const report = reportOn(reviewPlan(environment, plan, stack, { lock, found }), reviewed, options);
  if (out !== undefined) {
    await writeReport(out, report);
    if (lock !== "") await writeFile(lockBeside(out), lock);
  }
  if (options.apply && report.exitCode === exitCodes.done)
    await applyPlan({
      ...made,
      environment,
      terraform,
      env,
      ...defined({ outputsFile: options.outputsFile }),
      ...ports,
    });
  return report;
}

const NOT_LOOKED_FOR: Found = {
  there: [],
  unchecked: [
    "AWS was not asked (--no-refresh): neither drift, nor whether what is created is there already",
  ],
};

/** A stack that does not say its region in plain words is not looked for. */
async function lookForCreated(plan: PlanJson, stack: StackJson, profile: string | undefined): Promise<Found> {
  const [region] = new Names(plan, stack).regions();
  if (region === undefined) return { there: [], unchecked: ["the stack does not say its region"] };
  const { findAlreadyThere } = await import("./already-there.ts"); // its clients take a while to load
  return findAlreadyThere(plan, { region, ...defined({ profile }) });
}
