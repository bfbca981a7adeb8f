import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defined } from "../../contract/defined.ts";
import { environments } from "../../infra/environments.ts";
import { findTerraform } from "../../terraform/terraform.ts";
import { makePlan } from "./make-plan.ts";
import { exitCodes, type PlanOptions, readOptions } from "./options.ts";
import { PlanError } from "./plan-error.ts";
import { readReview, writeFailure, writeReview } from "./report.ts";
import { reviewPlan } from "./review.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string) => process.stderr.write(`${line}\n`);

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupted.abort(new PlanError(`Stopped by ${signal}. Nothing was changed.`)));
}

const options = readOptions(process.argv.slice(2), Object.keys(environments));
process.exitCode = typeof options === "number" ? options : await main(options);

async function main(options: PlanOptions): Promise<number> {
  const temporary = await mkdtemp(join(tmpdir(), "plan-"));
  try {
    return await review(options, temporary);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    say(error.message);
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    await writeFailure(options, error.message);
    return error.dataLoss ? exitCodes.dataLoss : exitCodes.failed;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function review(options: PlanOptions, temporary: string): Promise<number> {
  const { environment, stackDir } = options;
  // Read first: nobody waits for a plan to learn that a file is missing.
  const reviewed = options.reviewed === undefined ? undefined : await readReview(options.reviewed);
  const terraform = await findTerraform(temporary, false);
  if ("missing" in terraform) {
    throw new PlanError(
      `${terraform.missing}. Install 1.11 or newer: https://developer.hashicorp.com/terraform/install`,
    );
  }
  const { plan, stack } = await makePlan({
    environment,
    root,
    ...defined({ stackDirectory: stackDir }),
    terraform,
    temporary,
    say,
    interrupted: interrupted.signal,
  });
  return writeReview(options, reviewPlan(environment, plan, stack), reviewed);
}
