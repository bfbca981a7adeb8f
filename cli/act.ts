import type { Command } from "commander";
import { CommandError } from "../contract/command-error.ts";
import { type Context, createContext, type GlobalOptions, watchForTheEnd } from "./context.ts";

/**
 * What a command does. `options` are its own; a number that it returns is the exit code.
 *
 * @throws {CommandError} for whatever a person can mend; an AWS error is explained by main.ts
 */
type Action<Options> = (context: Context, options: Options, ...args: string[]) => Promise<unknown>;

interface ActOptions {
  /** Ctrl-C is how it ends, and no interruption: for what would go on for ever. */
  readonly endsByCtrlC?: boolean;
}

/** Turns an {@link Action} into what commander calls: `command.action(act(async (context) => …))`. */
export function act<Options = object>(
  action: Action<Options>,
  { endsByCtrlC = false }: ActOptions = {},
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const { signal } = watchForTheEnd();
    const context = createContext(command.optsWithGlobals<GlobalOptions>(), signal);
    const args = given.slice(0, -2).filter((arg) => typeof arg === "string");
    const exitCode = await action(context, command.opts() as Options, ...args).catch((error: unknown) => {
      throw signal.aborted && !(error instanceof CommandError) ? signal.reason : error;
    });
    if (!endsByCtrlC) signal.throwIfAborted(); // a command that has tidied up after Ctrl-C was interrupted all the same
    if (typeof exitCode === "number") process.exitCode = exitCode;
  };
}
