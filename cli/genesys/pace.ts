import type { Clock } from "./clock.ts";

/** Genesys' limit for each token: developer.genesys.cloud, "Rate limits". */
const REQUESTS = 300;
const WINDOW_MILLISECONDS = 60_000;

/** Keeps the requests of this run within the rate that a token has. */
export class Pace {
  readonly #clock: Clock;
  #recent: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when one more request may be made. */
  async turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      this.#recent = this.#recent.filter((at) => at > now - WINDOW_MILLISECONDS);
      const [oldest] = this.#recent;
      if (oldest === undefined || this.#recent.length < REQUESTS) {
        this.#recent.push(now);
        return;
      }
      await this.#clock.pause(oldest + WINDOW_MILLISECONDS - now, signal);
    }
  }
}
