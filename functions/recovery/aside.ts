import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import type { Memory } from "./memory.ts";

/** A DynamoDB item takes 400 KB, and a key has a hundred bytes. What goes beyond is tried in every run. */
const MOST_REMEMBERED = 1_000;
const MINUTE_MILLISECONDS = 60_000;
const LONGEST_MILLISECONDS = 24 * 3_600_000;

/**
 * Objects and messages that cannot be read, sent or deleted. Each is told once, tried again after a minute, then
 * less and less often, once a day at last, and holds up none of the others.
 */
export class Aside {
  readonly #memory: Memory;
  readonly #logger: EventLogger;
  readonly #now: () => Date;

  constructor(memory: Memory, logger: EventLogger, now: () => Date) {
    this.#memory = memory;
    this.#logger = logger;
    this.#now = now;
  }

  /** How many there are. */
  get count(): number {
    return Object.keys(this.#memory.aside).length;
  }

  /** Whether it is to be passed over for now. */
  has(name: string): boolean {
    const entry = this.#memory.aside[name];
    return entry !== undefined && entry.nextTryAt > this.#now().getTime();
  }

  /** @param problem a sentence: what could not be done with it */
  put(name: string, problem: string, error: unknown): void {
    const tries = (this.#memory.aside[name]?.tries ?? 0) + 1;
    if (tries === 1) this.#logger.error(problem, { key: name, reason: errorName(error) });
    if (tries === 1 && this.count >= MOST_REMEMBERED) return;
    const wait = Math.min(LONGEST_MILLISECONDS, MINUTE_MILLISECONDS * 2 ** (tries - 1));
    this.#memory.aside[name] = { tries, nextTryAt: this.#now().getTime() + wait };
  }

  /** What could not be handled lies elsewhere now: it is not told again. */
  rename(name: string, to: string): void {
    const entry = this.#memory.aside[name];
    if (entry === undefined) return;
    this.#memory.aside[to] = entry;
    this.remove(name);
  }

  /** It has been handled, or is gone. */
  remove(name: string): void {
    Reflect.deleteProperty(this.#memory.aside, name);
  }
}

/** Whether the service has refused this one object; the next one may well be taken. */
export function isAboutTheObject(error: unknown): boolean {
  const { name = "", $metadata: metadata } = (error ?? {}) as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429 && !/Throttl|SlowDown/.test(name);
}
