import { AsyncLocalStorage } from "node:async_hooks";
import { Heap } from "./heap.ts";

/** When a run begins: any moment will do, as long as it is always the same. */
export const START = Date.UTC(2026, 0, 5);

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly work: () => void;
  readonly everyMilliseconds: number | undefined;
  cancelled: boolean;
}

const realDate = globalThis.Date;
const real = {
  Date: realDate,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  random: Math.random,
};

/** Whose clock the code at hand looks at: milliseconds by which it is ahead. */
const skews = new AsyncLocalStorage<number>();

/**
 * Virtual time. Nothing happens between two timers, so the clock jumps from one to the next; four days of
 * silence cost nothing. Timers of one moment go off in the order in which they were set.
 */
export class VirtualClock {
  #now = START;
  #sequence = 0;
  readonly #timers = new Heap<Timer>(
    (left, right) => left.at < right.at || (left.at === right.at && left.sequence < right.sequence),
  );

  /** Milliseconds since 1970, without anybody's skew. */
  get now(): number {
    return this.#now;
  }

  /** Milliseconds since the run began. */
  get elapsed(): number {
    return this.#now - START;
  }

  after(milliseconds: number, work: () => void, every?: number): Timer {
    const at = this.#now + Math.max(0, Number.isFinite(milliseconds) ? milliseconds : 0);
    const timer: Timer = { at, sequence: this.#sequence++, work, everyMilliseconds: every, cancelled: false };
    this.#timers.push(timer);
    return timer;
  }

  /** Does `work` again and again, until the run ends. */
  every(milliseconds: number, work: () => void): void {
    this.after(milliseconds, () => {
      work();
      this.every(milliseconds, work);
    });
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets time pass until `until`, milliseconds since 1970, and everything happen that is due by then. */
  async runUntil(until: number): Promise<void> {
    await settled();
    for (let next = this.#timers.peek(); next !== undefined && next.at <= until; next = this.#timers.peek()) {
      this.#timers.pop();
      if (next.cancelled) continue;
      this.#now = next.at;
      next.work();
      await settled();
    }
    this.#now = until;
  }

  /** Runs `work`, and whatever follows from it, under a clock that is `milliseconds` ahead. */
  skewed<T>(milliseconds: number, work: () => T): T {
    return skews.run(milliseconds, work);
  }

  /**
   * Puts this clock, and `random`, in the place of the process's own, for every module that is loaded already
   * or will be.
   *
   * @returns what takes them back
   */
  install(random: () => number): () => void {
    const now = () => Math.floor(this.#now + (skews.getStore() ?? 0)); // whole ones, as Date.now gives them
    const VirtualDate = class extends realDate {
      constructor(...given: unknown[]) {
        super(...((given.length === 0 ? [now()] : given) as [number]));
      }
      static override now = now;
    };
    const set = (work: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) =>
      this.after(milliseconds, () => work(...given));
    const repeat = (work: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) => {
      const handle = { cancelled: false };
      const again = () => {
        if (handle.cancelled) return;
        work(...given);
        this.after(milliseconds, again);
      };
      this.after(milliseconds, again);
      return handle;
    };
    const clear = (timer: unknown) => {
      if (typeof timer === "object" && timer !== null) (timer as { cancelled: boolean }).cancelled = true;
    };
    Object.assign(globalThis, {
      Date: VirtualDate,
      setTimeout: set,
      clearTimeout: clear,
      setInterval: repeat,
      clearInterval: clear,
    });
    Math.random = random;
    return () => {
      const { random: realRandom, setImmediate: _, ...globals } = real;
      Object.assign(globalThis, globals);
      Math.random = realRandom;
    };
  }
}

/** Returns when no promise has anything left to do: what is still open then waits for a timer. */
function settled(): Promise<void> {
  return new Promise((resolve) => real.setImmediate(resolve));
}
