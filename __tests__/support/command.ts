import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { REPOSITORY } from "./repository.ts";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the error that it ended with, where it ran in this process. */
  readonly stack?: string | undefined;
}

export interface CommandContext {
  /** @default a folder where there is neither a local run nor a synthesised stack */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Once it resolves, or stderr says so, Ctrl-C is pressed. */
  readonly interrupt?: Promise<unknown> | RegExp;
}

/** Node's arguments before the command's own. */
export const COMMAND = ["--disable-warning=ExperimentalWarning", join(REPOSITORY, "cli", "main.ts")] as const;

/** The surroundings of a command: nothing of this process's AWS settings or colours. */
export function commandEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: "true", ...more };
}

/** `genesys-dlq …` as a process of its own, its output in pipes. */
export async function runCommand(
  args: readonly string[],
  { cwd = tmpdir(), env, input, interrupt }: CommandContext = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...COMMAND, ...args], { cwd, env: commandEnvironment(env) });
  child.stdin.end(input);
  const press = () => child.kill("SIGINT");
  if (interrupt instanceof Promise) void interrupt.then(press);
  else if (interrupt !== undefined) void says(child.stderr, interrupt).then(press);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** Resolves once the stream has said that; never, where it does not. */
function says(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  let said = "";
  return new Promise((resolve) => {
    stream.on("data", (bytes) => {
      said += bytes;
      if (pattern.test(said)) resolve();
    });
  });
}
