/** Invocations of one function at a time. */
export interface Concurrency {
  /** So many begin as they come. */
  readonly usual: number;
  /** So many at most: more than usual only where those that are under way keep others waiting. */
  readonly most: number;
}

interface Waiting {
  /** By `performance.now()`. */
  readonly since: number;
  readonly begin: () => void;
}

/** Milliseconds after which more processes than usual are of use: those that there are wait for something themselves. */
const PATIENCE_MILLISECONDS = 3_000;

/** Who may invoke a function now, in the order of their coming. */
export class InvocationSlots {
  readonly #concurrency: Concurrency;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(concurrency: Concurrency) {
    this.#concurrency = concurrency;
  }

  /** Processes that are of use now. */
  get useful(): number {
    return Math.max(this.#concurrency.usual, this.#taken);
  }

  /** Waits for a slot. Whoever has one releases it. */
  async take(): Promise<void> {
    if (this.#taken < this.#concurrency.usual) {
      this.#taken++;
      return;
    }
    await new Promise<void>((resolve) => {
      const begin = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve();
      };
      const waiting = { since: performance.now(), begin };
      const timer = setTimeout(() => this.#beginUnusual(waiting), PATIENCE_MILLISECONDS);
      this.#waiting.add(waiting);
    });
  }

  /** The slot goes from hand to hand, unless it is one more than usual, and nobody waits for long. */
  release(): void {
    const [next] = this.#waiting;
    const needed = this.#taken <= this.#concurrency.usual || isLong(next);
    if (next && needed) next.begin();
    else this.#taken--;
  }

  #beginUnusual(waiting: Waiting): void {
    if (this.#taken >= this.#concurrency.most) return;
    this.#taken++;
    waiting.begin();
  }
}

function isLong(waiting: Waiting | undefined): boolean {
  return waiting !== undefined && performance.now() - waiting.since >= PATIENCE_MILLISECONDS / 2;
}
