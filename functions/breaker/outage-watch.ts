/**
 * Tells a destination that is down from an event that it cannot digest: an outage is so many *different*
 * events failing in a row. One event that is tried again and again never opens the breaker.
 *
 * It lives in the memory of one execution environment; an environment that has just started needs a few
 * failures of its own.
 */
export class OutageWatch {
  readonly #threshold: number;
  readonly #failing = new Map<string, string | undefined>();

  /** @param threshold how many different events make an outage. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** The destination has taken an event, or what failed before no longer counts. */
  reset(): void {
    this.#failing.clear();
  }

  /** @param receivedAt when Genesys delivered the event: ISO 8601, UTC. */
  failed(eventId: string, receivedAt: string | undefined): void {
    // A set of ids, not of all failures: it never holds more than the threshold.
    if (this.#failing.size < this.#threshold) this.#failing.set(eventId, receivedAt);
  }

  get isOutage(): boolean {
    return this.#failing.size >= this.#threshold;
  }

  /** When the oldest of the failing events was received. */
  get oldest(): string | undefined {
    return [...this.#failing.values()].filter((time) => time !== undefined).sort()[0];
  }
}
