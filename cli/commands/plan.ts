import type { Command } from "commander";
import { UsageError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { act } from "../act.ts";
import { configuredEnvironment, environmentArgument } from "../configured-environment.ts";
import { withExamples } from "../examples.ts";
import { withExitCodes } from "../exit-codes.ts";

interface PlanOptions {
  readonly out?: string;
  readonly allowDataLoss: boolean;
  readonly reviewed?: string;
  readonly stackDir?: string;
  readonly refresh: boolean;
  readonly expectUnchanged: boolean;
  readonly apply: boolean;
  readonly outputsFile?: string;
}

/** `plan`: what a deployment would change. */
export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .description("plans an environment with Terraform, and says in Markdown what a deployment would change")
    .addArgument(environmentArgument())
    .option("--out <file>", "write the report to this file too, and beside it the same as JSON (.json)")
    .option(
      "--allow-data-loss",
      "do not fail where the plan loses data or events, or a person has to look",
      false,
    )
    .option("--reviewed <file>", "fail where the plan differs from the JSON of an earlier one")
    .option("--stack-dir <folder>", "plan a stack that is synthesised already")
    .option(
      "--no-refresh",
      "do not ask AWS what is there: the state is believed, and no other right is needed",
    )
    .option("--expect-unchanged", "fail where anything would change, or was changed by hand", false)
    .option("--apply", "with --reviewed: apply this very plan, unless something wants a person", false)
    .option("--outputs-file <file>", "with --apply: write the stack's outputs there, as cdktf deploy does")
    .action(
      act<PlanOptions>(async (context, options, given) => {
        const environment = configuredEnvironment(context, given);
        const { output, signal, options: global } = context;
        if (options.apply && options.reviewed === undefined)
          throw new UsageError(
            "--apply does what somebody has approved, and nothing says what that is.",
            "Give the JSON of the plan that was approved with --reviewed.",
          );
        // Loaded here: help and completion need none of it.
        const { reviewEnvironment } = await import("../../deployment/review/review-environment.ts");
        const report = await reviewEnvironment(
          { environment, ...options, ...defined({ profile: global.profile }) },
          { say: (line) => output.note(line), interrupted: signal },
        );
        await output.write(output.json ? report.json : report.markdown);
        return report.exitCode;
      }),
    );
  withExamples(
    withExitCodes(plan, {
      done: "nothing would be lost, or --allow-data-loss was given",
      failed: "there is no plan: the message says why",
      attention:
        "something would change (--expect-unchanged); or the plan loses data or events, or what keeps them; it cannot be applied; somebody has added permissions by hand; or Terraform refuses it",
      notReviewed: "the plan does not do what was reviewed (--reviewed)",
    }),
    "genesys-dlq plan production",
    "genesys-dlq plan production --out plan.md",
    "genesys-dlq plan production --reviewed plan.json",
    "genesys-dlq plan production --reviewed plan.json --apply --outputs-file outputs.json",
    "genesys-dlq plan production --expect-unchanged",
  );
}
