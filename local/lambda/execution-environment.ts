import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { HANDLER_FAILURES } from "../../contract/handler-failures.ts";
import { exited, type FunctionError, failed, type InvocationResult, timedOut } from "./invocation-result.ts";

const BOOTSTRAP = fileURLToPath(new URL("./bootstrap.mjs", import.meta.url));
/** Milliseconds that Lambda gives a function to load. */
const INIT_MILLISECONDS = 10_000;

/**
 * Of new objects, each half of where V8 keeps them. It takes 16 for each process by itself, however little is under way:
 * with several processes most of what a run holds is that.
 */
const YOUNG_MEGABYTES = 4;

export interface EnvironmentOptions {
  /** The folder of the unpacked code. */
  readonly task: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  /** What the context object of every invocation says. */
  readonly context: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** What the team's own code has thrown at an event. */
  readonly onHandlerFailure: (eventId: string, error: FunctionError) => void;
}

export interface Invocation {
  readonly requestId: string;
  /** With the alias, where the caller has named one. */
  readonly functionArn: string;
  /** JSON. */
  readonly event: string;
}

type FailureMessage = {
  readonly type: "handler-failed";
  readonly eventId: string;
  readonly error: FunctionError;
};

type Message =
  | { readonly type: "ready" }
  | { readonly type: "init-error"; readonly error: FunctionError }
  | { readonly type: "result"; readonly payload: string }
  | { readonly type: "error"; readonly error: FunctionError; readonly fatal?: boolean };

type End = { readonly type: "exit"; readonly code: number | null; readonly signal: string | null };

/** One Lambda execution environment: a process of its own that takes one invocation at a time. */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #initialised = false;
  #alive = true;
  #listener: ((message: Message | End) => void) | undefined;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#child = fork(BOOTSTRAP, [], {
      cwd: options.task,
      env: { ...options.variables },
      execArgv: [
        `--max-old-space-size=${options.memoryMegabytes}`,
        `--max-semi-space-size=${YOUNG_MEGABYTES}`,
      ],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#closed = once(this.#child, "close");
    this.#child.on("message", (message) => this.#hear(message as Message | FailureMessage));
    this.#child.on("error", () => this.#end(null, "SIGKILL"));
    this.#child.on("exit", (code, signal) => this.#end(code, signal));
    for (const stream of [this.#child.stdout, this.#child.stderr]) readLines(stream, options.onLine);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The folder of the code that it runs. */
  get task(): string {
    return this.#options.task;
  }

  /** Whether it can take another invocation. */
  get usable(): boolean {
    return this.#alive;
  }

  async invoke({ requestId, functionArn, event }: Invocation): Promise<InvocationResult> {
    const init = await this.#initialise();
    if (init !== "ready") return this.#giveUp(init, requestId, INIT_MILLISECONDS / 1000);
    const { timeoutSeconds } = this.#options;
    const context = { ...this.#options.context, invokedFunctionArn: functionArn };
    const deadline = Date.now() + timeoutSeconds * 1000;
    const message = { type: "invoke", requestId, event, deadline, context };
    const answer = await this.#ask(message, timeoutSeconds * 1000);
    if (answer?.type === "result") return { ok: true, payload: answer.payload };
    if (answer?.type === "error" && answer.fatal !== true) return failed(answer.error);
    return this.#giveUp(answer, requestId, timeoutSeconds);
  }

  /** Loads the code, so that the first invocation finds it loaded. Code that does not load is told by that one. */
  async prepare(): Promise<void> {
    if ((await this.#initialise()) !== "ready") await this.kill();
  }

  /** Kills the process without a word to anybody; its end is noticed as any other. */
  crash(): number | undefined {
    this.#child.kill("SIGKILL");
    return this.#child.pid;
  }

  /** Ends the process at once, and returns when it is gone and its output is read. */
  async kill(): Promise<void> {
    this.#alive = false;
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  async #initialise(): Promise<"ready" | Message | End | undefined> {
    if (this.#initialised) return "ready";
    const { task, handler } = this.#options;
    const message = { type: "init", task, handler, failures: HANDLER_FAILURES };
    const init = await this.#ask(message, INIT_MILLISECONDS);
    if (init?.type !== "ready") return init;
    this.#initialised = true;
    return "ready";
  }

  async #giveUp(
    message: Message | End | undefined,
    requestId: string,
    seconds: number,
  ): Promise<InvocationResult> {
    await this.kill();
    if (message === undefined) return timedOut(requestId, seconds);
    if (message.type === "exit") return exited(requestId, message.code, message.signal);
    return "error" in message ? failed(message.error) : exited(requestId, null, null);
  }

  /** The child's next message, or its end; nothing when the time is up. */
  async #ask(message: object, milliseconds: number): Promise<Message | End | undefined> {
    if (!this.#alive) return { type: "exit", code: null, signal: "SIGKILL" };
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.#listener = resolve;
        timer = setTimeout(() => resolve(undefined), milliseconds);
        this.#child.send(message, (error) => {
          if (error) this.#child.kill("SIGKILL"); // its exit is the answer
        });
      });
    } finally {
      clearTimeout(timer);
      this.#listener = undefined;
    }
  }

  #hear(message: Message | FailureMessage): void {
    if (message.type === "handler-failed") this.#options.onHandlerFailure(message.eventId, message.error);
    else this.#listener?.(message);
  }

  #end(code: number | null, signal: string | null): void {
    this.#alive = false;
    this.#listener?.({ type: "exit", code, signal });
  }
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on("line", onLine);
}
