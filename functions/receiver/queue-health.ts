import { TimeUpError } from "../runtime/within.ts";

/** Time-outs in a row after which the queue is left alone: one may be a connection that died, two are a queue that hangs. */
const TIMEOUTS = 2;
/** How long it is left alone, milliseconds. Then one request tries it, and the others still go to the bucket. */
const REST_MILLISECONDS = 10_000;

/**
 * Whether the queue is worth waiting for. One that hangs holds every request for as long as a request may wait, and a
 * thousand requests a second would use up the account's concurrency; one that refuses costs nothing, and is asked on.
 * It lives in the memory of one execution environment.
 */
export class QueueHealth {
  readonly #now: () => number;
  #timeouts = 0;
  #restUntil = 0;
  /** Why it is left alone. */
  lastTimeout: unknown;

  /** @param now milliseconds, as `Date.now` gives them */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * What to do with the next event: `send` it to the queue, `try` whether the queue is well again, or leave it alone
   * and `avoid` it. Who is told to try is the only one for a while.
   */
  next(): "send" | "try" | "avoid" {
    if (this.#timeouts < TIMEOUTS) return "send";
    if (this.#now() < this.#restUntil) return "avoid";
    this.#rest();
    return "try";
  }

  /** The queue has answered, whatever. */
  answered(): void {
    this.#timeouts = 0;
  }

  failed(error: unknown): void {
    if (!isTimeout(error)) {
      this.answered();
      return;
    }
    this.lastTimeout = error;
    this.#timeouts++;
    if (this.#timeouts >= TIMEOUTS) this.#rest();
  }

  #rest(): void {
    this.#restUntil = this.#now() + REST_MILLISECONDS;
  }
}

/** Nobody has answered in time: ours, or the SDK's own of its last attempt. */
function isTimeout(error: unknown): boolean {
  return (
    error instanceof TimeUpError || (error as { readonly name?: unknown } | null)?.name === "TimeoutError"
  );
}
