import { randomUUID } from "node:crypto";
import type { InvocationResult } from "./invocation-result.ts";
import type { LocalFunction } from "./local-function.ts";

/** Milliseconds before Lambda's first and second retry of an event whose function failed. */
const RETRY_MILLISECONDS = [60_000, 120_000];

export interface AsynchronousOptions {
  readonly onAnswer: (target: LocalFunction, answer: InvocationResult) => void;
  /** Milliseconds before each retry. @default Lambda's own: one minute, then two */
  readonly retryMilliseconds?: readonly number[];
}

/**
 * Invocations that nobody waits for: retried when the function fails, as often and for as long as its settings
 * say. Lambda keeps such events; here those that wait for a retry end with the run.
 */
export class AsynchronousInvocations {
  readonly #options: AsynchronousOptions;
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: AsynchronousOptions) {
    this.#options = options;
  }

  /** @param functionArn under which it was invoked */
  accept(target: LocalFunction, event: unknown, functionArn = target.model.arn): void {
    this.#start({ target, event, functionArn, requestId: randomUUID(), acceptedAt: Date.now() }, 0);
  }

  /** No more retries; returns when what is running has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    await Promise.all(this.#running);
  }

  #start(accepted: Accepted, attempt: number): void {
    if (this.#stopped) return;
    const run = this.#run(accepted, attempt).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(accepted: Accepted, attempt: number): Promise<void> {
    const { target, event, functionArn, requestId, acceptedAt } = accepted;
    const answer = await target.invoke(event, { functionArn, requestId });
    this.#options.onAnswer(target, answer);
    const { maximumRetryAttempts, maximumEventAgeSeconds } = target.model.asynchronous;
    if (answer.ok || attempt >= maximumRetryAttempts || this.#stopped) return;
    const pauses = this.#options.retryMilliseconds ?? RETRY_MILLISECONDS;
    const pause = pauses[Math.min(attempt, pauses.length - 1)] ?? 0;
    if (Date.now() + pause - acceptedAt > maximumEventAgeSeconds * 1000) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#start(accepted, attempt + 1);
    }, pause);
    this.#waiting.add(timer);
  }
}

interface Accepted {
  readonly target: LocalFunction;
  readonly event: unknown;
  readonly functionArn: string;
  /** The same for each attempt. */
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
}
