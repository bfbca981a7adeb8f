import type { Command } from "commander";
import { CommandError, Interrupted } from "../../contract/command-error.ts";
import { act } from "../act.ts";
import type { Context } from "../context.ts";
import { type CheckResult, exitCodeOf, resultsOf } from "../doctor/check-result.ts";
import { checks } from "../doctor/checks/index.ts";
import { examine } from "../doctor/examine.ts";
import { report } from "../doctor/report.ts";
import type { Environment } from "../environment/environment.ts";
import { withExamples } from "../examples.ts";
import { withExitCodes } from "../exit-codes.ts";
import { numberAbove } from "../numbers.ts";
import { Progress } from "../progress.ts";
import { addGenesysOptions, type GenesysOptions } from "./genesys/options.ts";
import { Session } from "./genesys/session.ts";

interface DoctorOptions extends GenesysOptions {
  readonly timeout: number;
}

/** Short: who asks how an environment is does so because something does not answer. */
const RETRY_POLICY = { attempts: 2, attemptMilliseconds: 5_000 };
const TIMEOUT_SECONDS = 20;
const LONGEST_SECONDS = 600;

/** `doctor`: what is wrong, and what to do. */
export function addDoctor(program: Command): void {
  const doctor = addGenesysOptions(
    program
      .command("doctor")
      .description("looks at every part of an environment, and says what is wrong and what to do"),
  )
    .option("--timeout <seconds>", "for each check", numberAbove(0, LONGEST_SECONDS), TIMEOUT_SECONDS)
    .action(act<DoctorOptions>(run))
    .addHelpText(
      "after",
      "\nNothing is changed, and no event is sent. Genesys Cloud is asked where an OAuth client is given.",
    );
  withExamples(
    withExitCodes(doctor, {
      done: "nothing is wrong",
      failed: "something is wrong: what, and what to do",
      attention: "nothing is wrong but for warnings",
    }),
    "genesys-dlq doctor",
    "genesys-dlq doctor --environment production --genesys-region Ireland --client-id ID --client-secret-parameter NAME",
    "genesys-dlq doctor --environment production --json | jq '.findings[] | select(.state != \"ok\")'",
  );
}

async function run(context: Context, options: DoctorOptions): Promise<number> {
  const over = new AbortController();
  // What still waits for Genesys when all checks have ended is not worth waiting for.
  const signal = AbortSignal.any([context.signal, over.signal]);
  const session = new Session({ ...context, signal }, options);
  try {
    const found = await context.environment().catch((error: unknown) => {
      if (error instanceof CommandError && !(error instanceof Interrupted)) return error;
      throw error;
    });
    const findings = [outputsFinding(found)];
    if (!(found instanceof CommandError)) findings.push(...(await look(context, session, options, found)));
    const title = found instanceof CommandError ? "The environment" : found.title;
    await session.result({ environment: title, findings }, () => report(findings, title, context.output));
    return exitCodeOf(findings);
  } finally {
    over.abort();
  }
}

function outputsFinding(found: Environment | CommandError): CheckResult {
  const { ok, failure } = resultsOf("outputs");
  return found instanceof CommandError ? failure(found.message, found.remedy) : ok(`of ${found.title}`);
}

async function look(
  { signal }: Context,
  session: Session,
  { clientId, credentials, timeout: seconds }: DoctorOptions,
  environment: Environment,
): Promise<CheckResult[]> {
  const given = clientId !== undefined || credentials !== undefined;
  const progress = new Progress("checks", checks.length);
  try {
    return await examine(
      checks,
      {
        environment: environment.with(RETRY_POLICY),
        genesys: given ? () => session.client() : undefined,
        signal,
        now: Date.now,
      },
      { seconds, done: (count) => progress.update(count) },
    );
  } finally {
    progress.stop();
  }
}
