import { CommandError } from "../../contract/command-error.ts";
import type { RunEvents } from "../run-events.ts";
import { readStackCode, type StackCode } from "./stack-code.ts";
import { watchFolders } from "./watch-folders.ts";

export interface CodeReloadOptions {
  /** The `cdk.tf.json` that the run was started from. */
  readonly stackFile: string;
  /** What the functions' code is made of, and the configuration. */
  readonly folders: readonly string[];
  /**
   * @returns the `cdk.tf.json` as it is now
   * @throws {CommandError} where something is wrong with what is synthesised
   */
  readonly synthesise: (interrupted: AbortSignal) => Promise<string>;
  /** Has a function run another zip from its next invocation on. */
  readonly useCode: (functionName: string, zip: string) => Promise<void>;
  readonly runEvents: Pick<RunEvents, "add">;
}

/** Has a run take the functions' code whenever it has changed on disk, the way that it took it at first: by synth. */
export class CodeReload {
  readonly #options: CodeReloadOptions;
  readonly #interrupted = new AbortController();
  readonly #stopWatching: () => Promise<void>;
  #running: StackCode;

  private constructor(options: CodeReloadOptions, running: StackCode) {
    this.#options = options;
    this.#running = running;
    this.#stopWatching = watchFolders(options.folders, () => this.#reload());
  }

  static async start(options: CodeReloadOptions): Promise<CodeReload> {
    return new CodeReload(options, await readStackCode(options.stackFile));
  }

  stop(): Promise<void> {
    this.#interrupted.abort();
    return this.#stopWatching();
  }

  /** Never throws: whatever is wrong with the new code, the old one goes on. */
  async #reload(): Promise<void> {
    const { synthesise, runEvents } = this.#options;
    try {
      const next = await readStackCode(await synthesise(this.#interrupted.signal));
      if (next.rest !== this.#running.rest) {
        return this.#refuse("The stack has changed. Start the local run anew to run it; this one goes on.");
      }
      runEvents.add({ kind: "code", functionNames: await this.#useChanged(next) });
    } catch (error) {
      if (this.#interrupted.signal.aborted) return;
      this.#refuse(`The old code goes on: ${reasonOf(error)}`);
    }
  }

  async #useChanged(next: StackCode): Promise<string[]> {
    const changed = [...next.zips].filter(
      ([name, { sha256 }]) => this.#running.zips.get(name)?.sha256 !== sha256,
    );
    for (const [name, { path }] of changed) await this.#options.useCode(name, path);
    this.#running = next;
    return changed.map(([name]) => name);
  }

  #refuse(reason: string): void {
    this.#options.runEvents.add({ kind: "code-refused", reason });
  }
}

/** What synth says of code begins with its place; its head and its warnings are about something else. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  if (!(error instanceof CommandError)) return message;
  const [, ...said] = message.split("\n");
  return said.filter((line) => !line.startsWith("Warning:")).join(" ");
}
