import { Command, CommanderError } from "commander";

export interface PlanOptions {
  readonly environment: string;
  readonly out?: string;
  readonly json: boolean;
  readonly allowDataLoss: boolean;
  readonly reviewed?: string;
  readonly stackDir?: string;
}

/** What the exit code says: a pipeline goes on with 0 alone. */
export const exitCodes = {
  /** No data would be lost, or that is allowed. */
  fine: 0,
  /** There is no plan: a sentence says why. */
  failed: 1,
  /** The command was given wrongly. */
  usage: 2,
  /** The plan deletes data. */
  dataLoss: 3,
  /** The plan does not do what was reviewed. */
  notReviewed: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

const examples = `
Exit codes:
  0  no data would be lost (or --allow-data-loss)
  1  there is no plan: one sentence says why
  2  the command was given wrongly
  3  the plan destroys or replaces what holds data, or keeps it for less time
  4  the plan does not do what was reviewed (--reviewed)

Examples:
  npm run -s plan -- production
  npm run -s plan -- production --out plan.md
  npm run -s plan -- production --reviewed plan.json`;

/**
 * Reads the command line.
 *
 * @returns the options, or the exit code when there is nothing to do: help was shown, or a complaint
 */
export function readOptions(args: readonly string[], environments: readonly string[]): PlanOptions | number {
  let environment = "";
  const command = new Command("npm run plan --")
    .description(
      "Plans one environment with Terraform and writes what would change, for people, in Markdown.",
    )
    .argument("<environment>", environments.join(", "))
    .option("--out <file>", "write the report to this file too, and beside it the same as JSON (.json)")
    .option("--json", "print JSON instead of Markdown", false)
    .option("--allow-data-loss", "do not fail where the plan deletes data", false)
    .option("--reviewed <file>", "fail where the plan differs from the JSON of an earlier one")
    .option("--stack-dir <folder>", "plan a stack that is synthesised already")
    .addHelpText("after", examples)
    .exitOverride()
    .action((given: string) => {
      if (!environments.includes(given)) {
        command.error(`There is no environment "${given}". There are: ${environments.join(", ")}.`);
      }
      environment = given;
    });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  }
  return { environment, ...command.opts<Omit<PlanOptions, "environment">>() };
}
