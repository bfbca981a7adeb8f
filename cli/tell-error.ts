import { type Command, CommanderError } from "commander";
import { CommandError } from "../contract/command-error.ts";
import { exitCodes } from "../contract/exit-codes.ts";
import { explainAws } from "../contract/explain-aws.ts";
import { explainDisk } from "../contract/explain-disk.ts";
import { someLines, visibleJson, visibleLines } from "../contract/plain-text.ts";
import { NobodyListens } from "./nobody-listens.ts";

/** A message may quote a stranger, and his text may be as long as an event. */
const MOST_CHARACTERS = 10_000;

/** What `--json` makes of an error, under the one key `error`. */
interface ReportedError {
  readonly message: string;
  /** What to do; empty where nothing is. */
  readonly remedy: string;
  readonly exitCode: number;
}

/** Whether the command line asks for JSON; it may be too wrong to be parsed. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** Keeps commander from telling its errors, and help in place of one, itself. */
export function muteErrors(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const each of command.commands) muteErrors(each);
}

/**
 * Says on stderr what went wrong, and what to do; never a stack trace, unless somebody asks for it.
 *
 * @param json as one line, `{"error": …}`; commander has to be mute then
 * @returns the exit code
 */
export function tellError(error: unknown, json: boolean): number {
  if (error instanceof NobodyListens) return exitCodes.done;
  const usage = error instanceof CommanderError;
  if (usage && error.exitCode === 0) return exitCodes.done; // help
  if (usage && !json) return exitCodes.usage; // commander has told it
  const { message, remedy, exitCode } = usage ? fromCommander(error) : fromOurs(error);
  if (json) {
    process.stderr.write(
      `${visibleJson(JSON.stringify({ error: { message, remedy, exitCode } satisfies ReportedError }))}\n`,
    );
  } else {
    const prefix = exitCode === exitCodes.interrupted ? "" : "error: ";
    const [what, todo] = [message, remedy].map((text) => someLines(text, MOST_CHARACTERS));
    process.stderr.write(`${prefix}${what}\n${todo === "" ? "" : `${todo}\n`}`);
  }
  if (process.env["GENESYS_DLQ_DEBUG"])
    process.stderr.write(`${visibleLines(String((error as Error)?.stack))}\n`);
  return exitCode;
}

function fromOurs(error: unknown): ReportedError {
  if (error instanceof CommandError) return error;
  const [message, remedy] = explainDisk(error) ?? [];
  if (message !== undefined && remedy !== undefined) return { message, remedy, exitCode: exitCodes.failed };
  return explainAws(error);
}

/** `error: unknown command 'breker'\n(Did you mean breaker?)` */
function fromCommander({ code, message }: CommanderError): ReportedError {
  const exitCode = exitCodes.usage;
  if (code.startsWith("commander.help")) {
    return { message: "A command is missing.", remedy: "--help lists those that there are.", exitCode };
  }
  const [what = "", ...hints] = message.replace(/^error: /, "").split("\n");
  const hint = hints.join(" ").replace(/^\((.*)\)$/, "$1");
  return { message: what, remedy: hint || "--help tells what can be given.", exitCode };
}
