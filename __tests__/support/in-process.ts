import { Readable } from "node:stream";
import { jest } from "@jest/globals";
import { createProgram } from "../../cli/program.ts";
import { asksForJson, muteErrors, tellError } from "../../cli/tell-error.ts";
import { type CommandContext, type CommandResult, commandEnvironment } from "./command.ts";

/**
 * `genesys-dlq …` in this process: for the many cases for which starting a process each would take minutes.
 * What only main.ts and a process of its own can show is shown with `runCommand`. One at a time: its surroundings are
 * this process's.
 *
 * @param place as `runCommand` has it; @default this process's folder and environment, and no input
 */
export async function runInProcess(
  args: readonly string[],
  place?: Omit<CommandContext, "interrupt">,
): Promise<CommandResult> {
  if (underway) throw new Error("Another command is under way in this process.");
  underway = true;
  const json = asksForJson(args);
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    jest.spyOn(process[name], "write").mockImplementation((bytes) => {
      said[name] += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString();
      return true;
    }),
  );
  const putBack = surround(place);
  process.exitCode = undefined;
  const emitters = [process, process.stdout, process.stderr];
  const before = emitters.map(listenersOf);
  try {
    const program = await createProgram(args);
    if (json) muteErrors(program);
    await program.parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), ...said };
  } catch (error) {
    const code = tellError(error, json);
    return { code, ...said, stack: (error as Error).stack };
  } finally {
    underway = false;
    putBack();
    for (const spy of spies) spy.mockRestore();
    emitters.forEach((emitter, index) => {
      for (const [event, listener] of listenersOf(emitter)) {
        if (!before[index]?.some(([, known]) => known === listener)) emitter.off(event, listener);
      }
    });
    process.exitCode = undefined;
  }
}

let underway = false;

/** Gives this process a command's surroundings: pipes in any case, and folder, environment and input where given. */
function surround(place: CommandContext | undefined): () => void {
  const { stdin, env } = process;
  const folder = process.cwd();
  const streams = [process.stdout, process.stderr];
  const terminals = streams.map(({ isTTY }) => isTTY);
  for (const stream of streams) Object.assign(stream, { isTTY: false });
  const input = Readable.from(place?.input === undefined ? [] : [Buffer.from(place.input)]);
  Object.defineProperty(process, "stdin", { value: input, configurable: true });
  if (place?.cwd !== undefined) process.chdir(place.cwd);
  if (place !== undefined) process.env = commandEnvironment(place.env);
  return () => {
    process.env = env;
    process.chdir(folder);
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
    streams.forEach((stream, index) => {
      Object.assign(stream, { isTTY: terminals[index] });
    });
  };
}

/** Those that a command puts there: for Ctrl-C, and for output that nobody reads. */
function listenersOf(emitter: NodeJS.EventEmitter) {
  return ["SIGINT", "SIGTERM", "error"].flatMap((event) =>
    emitter.listeners(event).map((listener) => [event, listener as (...args: unknown[]) => void] as const),
  );
}
