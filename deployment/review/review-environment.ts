import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandError, Interrupted } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import type { PlanJson, StackJson } from "../../terraform/plan-json.ts";
import { findTerraform } from "../../terraform/terraform.ts";
import type { Found } from "./already-there.ts";
import { makePlan } from "./make-plan.ts";
import { Names } from "./names.ts";
import { withoutTerraform } from "./plan-error.ts";
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
  const terraform = await findTerraform(temporary, false);
  if ("missing" in terraform) throw withoutTerraform(terraform.missing);
  const { plan, stack, lock } = await makePlan({
    environment,
    ...defined({ stackDirectory: stackDir }),
    terraform,
    env: defined({ AWS_PROFILE: profile }),
    temporary,
    ...ports,
  });
  const found = await lookForCreated(plan, stack, profile);
  const report = reportOn(reviewPlan(environment, plan, stack, { lock, found }), reviewed, options);
  if (out !== undefined) await writeReport(out, report);
  return report;
}

/** A stack that does not say its region in plain words is not looked for. */
async function lookForCreated(plan: PlanJson, stack: StackJson, profile: string | undefined): Promise<Found> {
  const [region] = new Names(plan, stack).regions();
  if (region === undefined) return { there: [], unchecked: ["the stack does not say its region"] };
  const { findAlreadyThere } = await import("./already-there.ts"); // its clients take a while to load
  return findAlreadyThere(plan, { region, ...defined({ profile }) });
}
