import { jest } from "@jest/globals";
import { CommanderError } from "commander";
import { createProgram } from "../../cli/program.ts";
import { asksForJson, muteErrors, tellError } from "../../cli/tell-error.ts";
import { CommandError } from "../../contract/command-error.ts";
import type { CommandResult } from "./command.ts";

/**
 * `genesys-dlq …` in this process: for the many cases for which starting a process each would take minutes.
 * What only main.ts and a process of its own can show is shown with `runCommand`.
 */
export async function runInProcess(args: readonly string[]): Promise<CommandResult> {
  const json = asksForJson(args);
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    jest.spyOn(process[name], "write").mockImplementation((bytes) => {
      said[name] += String(bytes);
      return true;
    }),
  );
  process.exitCode = undefined;
  const emitters = [process, process.stdout, process.stderr];
  const before = emitters.map(listenersOf);
  try {
    const program = await createProgram(args);
    if (json) muteErrors(program);
    await program.parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), ...said };
  } catch (error) {
    if (!(error instanceof CommanderError || error instanceof CommandError)) throw error;
    const code = tellError(error, json);
    return { code, ...said, stack: error.stack };
  } finally {
    for (const spy of spies) spy.mockRestore();
    emitters.forEach((emitter, index) => {
      for (const [event, listener] of listenersOf(emitter)) {
        if (!before[index]?.some(([, known]) => known === listener)) emitter.off(event, listener);
      }
    });
    process.exitCode = undefined;
  }
}

/** Those that a command puts there: for Ctrl-C, and for output that nobody reads. */
function listenersOf(emitter: NodeJS.EventEmitter) {
  return ["SIGINT", "SIGTERM", "error"].flatMap((event) =>
    emitter.listeners(event).map((listener) => [event, listener as (...args: unknown[]) => void] as const),
  );
}
