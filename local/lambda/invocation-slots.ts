/** Invocations of one function at a time. */
export interface Concurrency {
  /** So many begin as they come. */
  readonly usual: number;
  /** So many at most: more than usual only where those that are under way keep others waiting. */
  readonly most: number;
}

/** Milliseconds after which more processes than usual are of use: those that there are wait for something themselves. */
const PATIENCE_MILLISECONDS = 1_000;

/** Who may invoke a function now, in the order of their coming. */
export class InvocationSlots {
  readonly #concurrency: Concurrency;
  readonly #patienceMilliseconds: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(concurrency: Concurrency, patienceMilliseconds = PATIENCE_MILLISECONDS) {
    this.#concurrency = concurrency;
    this.#patienceMilliseconds = patienceMilliseconds;
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
        this.#waiting.delete(begin);
        resolve();
      };
      const timer = setTimeout(() => this.#beginUnusual(begin), this.#patienceMilliseconds);
      this.#waiting.add(begin);
    });
  }

  release(): void {
    const [next] = this.#waiting;
    if (next)
      next(); // the slot goes from hand to hand
    else this.#taken--;
  }

  #beginUnusual(begin: () => void): void {
    if (this.#taken >= this.#concurrency.most) return;
    this.#taken++;
    begin();
  }
}
