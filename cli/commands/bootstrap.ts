import type { Command } from "commander";
import { defined } from "../../contract/defined.ts";
import { act } from "../act.ts";
import { agree } from "../ask.ts";
import { configuredEnvironment, environmentArgument } from "../configured-environment.ts";
import { withExamples } from "../examples.ts";
import { withExitCodes } from "../exit-codes.ts";

/** `bootstrap`: the bucket for the Terraform state, once. */
export function addBootstrap(program: Command): void {
  const command = program
    .command("bootstrap")
    .description("creates the S3 bucket for an environment's Terraform state, or puts right one that exists")
    .addArgument(environmentArgument())
    .option("--dry-run", "say what would be done, and do nothing", false)
    .addHelpText("after", "\nIt can be run again at any time.")
    .action(
      act<{ dryRun: boolean }>(async (context, { dryRun }, given) => {
        const environment = configuredEnvironment(context, given);
        const { output, signal, yes, options } = context;
        // Loaded here: help and completion need none of it.
        const { bootstrap } = await import("../../deployment/bootstrap/bootstrap.ts");
        const done = await bootstrap(
          { environment, dryRun, ...defined({ profile: options.profile }) },
          {
            say: (line) => (output.json ? output.note(line) : output.write(`${line}\n`)),
            agree: async () => yes || agree("Put this right?", signal),
          },
        );
        if (output.json) await output.result(done, () => "");
      }),
    );
  withExamples(
    withExitCodes(command, {
      done: "the bucket is as it should be, or --dry-run was given",
      failed: "not done: the message says why; what is done already stays",
    }),
    "genesys-dlq bootstrap production --dry-run",
    "genesys-dlq bootstrap production",
  );
}
