import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { type StepContext, step } from "../../terraform/steps.ts";

/** What a command may say before its end is kept alone. Far more than any plan of this stack. */
const KEPT_CHARACTERS = 4_000_000;

/** A command, where it runs, and how its progress is told. */
export interface Command {
  /** What it is, in a few words for people: "terraform apply". */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that are an answer rather than a failure. */
  readonly codes?: readonly number[];
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands, tells of them line by line, and ends them all when the signal says so. */
export class Runner {
  readonly #context: StepContext;

  constructor(say: (line: string) => void, interrupted: AbortSignal) {
    this.#context = { say, interrupted };
  }

  /** @throws {Error} with everything the command said when it ends with another code than those expected */
  run(command: Command): Promise<Outcome> {
    return this.step(command.title, (interrupted) => run(command, interrupted));
  }

  /** Tells of what is neither a command nor a step. */
  tell(line: string): void {
    this.#context.say(line);
  }

  /** Tells of anything else that takes its time. `work` ends when its signal says so. */
  step<T>(title: string, work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
    return step(title, this.#context, () => work(this.#context.interrupted));
  }
}

async function run(
  { title, command, args, directory, env, codes = [0] }: Command,
  interrupted: AbortSignal,
): Promise<Outcome> {
  // A process group of its own: Terraform's provider and the CLI's Terraform end with it.
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  interrupted.addEventListener("abort", end, { once: true });
  try {
    let stdout = "";
    let stderr = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      all = (all + text).slice(-KEPT_CHARACTERS);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      all = (all + text).slice(-KEPT_CHARACTERS);
    });
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit) => resolve(exit ?? 1));
    });
    interrupted.throwIfAborted();
    if (!codes.includes(code))
      throw new Error(`${title} ended with code ${code}:\n${stripVTControlCharacters(all).trim()}`);
    return { code, stdout, stderr };
  } finally {
    interrupted.removeEventListener("abort", end);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
