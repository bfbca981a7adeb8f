import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const HEARTBEAT_MILLISECONDS = 15_000;
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
  readonly #say: (line: string) => void;
  readonly #signal: AbortSignal;

  constructor(say: (line: string) => void, signal: AbortSignal) {
    this.#say = say;
    this.#signal = signal;
  }

  /** @throws {Error} with everything the command said when it ends with another code than those expected */
  async run({ title, command, args, directory, env, codes = [0] }: Command): Promise<Outcome> {
    this.#signal.throwIfAborted();
    const started = Date.now();
    this.#say(`${title} …`);
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
    this.#signal.addEventListener("abort", end, { once: true });
    const heartbeat = setInterval(
      () => this.#say(`${title} … ${seconds(started)} s`),
      HEARTBEAT_MILLISECONDS,
    );
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
      this.#signal.throwIfAborted();
      if (!codes.includes(code))
        throw new Error(`${title} ended with code ${code}:\n${stripVTControlCharacters(all).trim()}`);
      this.#say(`${title}: ${seconds(started)} s`);
      return { code, stdout, stderr };
    } finally {
      clearInterval(heartbeat);
      this.#signal.removeEventListener("abort", end);
    }
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}
