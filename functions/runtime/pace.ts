import { MESSAGES_PER_CALL } from "../../contract/queue-batch.ts";
import { pause } from "./pause.ts";

/** Lets through so many a second, whoever asks: whoever is to share a pace shares one of these. */
export class Pace {
  readonly #perSecond: number;
  #freeAt = 0;
  #askedAt = 0;

  /** @param perSecond `Infinity`: as many as come */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** How many to send at a time: no more than a second's worth. */
  get atOnce(): number {
    return Math.max(1, Math.min(MESSAGES_PER_CALL, Math.floor(this.#perSecond)));
  }

  /** Resolves when `count` may go. @returns whether they had to wait */
  async take(count = 1): Promise<boolean> {
    const now = Date.now();
    // A clock that was set back would have everybody wait until it is where it was.
    if (now < this.#askedAt) this.#freeAt -= this.#askedAt - now;
    this.#askedAt = now;
    const at = Math.max(now, this.#freeAt);
    this.#freeAt = at + (count / this.#perSecond) * 1_000;
    if (at === now) return false;
    await pause(at - now);
    return true;
  }
}
