import { CommanderError } from "commander";
import { explainAws } from "./aws/explain.ts";
import { CommandError, exitCodes, NobodyListens } from "./errors.ts";
import { createProgram } from "./program.ts";

/** Says what went wrong, and what to do; never a stack trace, unless somebody asks for it. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof NobodyListens) return exitCodes.done;
  const { message, remedy, exitCode } = error instanceof CommandError ? error : explainAws(error);
  const prefix = exitCode === exitCodes.interrupted ? "" : "error: ";
  process.stderr.write(`${prefix}${message}\n${remedy === "" ? "" : `${remedy}\n`}`);
  if (process.env["GENESYS_DLQ_DEBUG"]) process.stderr.write(`${(error as Error)?.stack}\n`);
  return exitCode;
}

// Help is written before a command is there to be ended: whoever reads only its head is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
