import { MESSAGES_PER_CALL } from "../../contract/queue-batch.ts";
import { pause } from "../runtime/pause.ts";

/** Lets through so many a second, whoever asks: all that redrives shares one. */
export class Pace {
  readonly #perSecond: number;
  #freeAt = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** How many to send at a time: no more than a second's worth. */
  get atOnce(): number {
    return Math.max(1, Math.min(MESSAGES_PER_CALL, Math.floor(this.#perSecond)));
  }

  /** Resolves when `count` may go. */
  async take(count: number): Promise<void> {
    const now = Date.now();
    const at = Math.max(now, this.#freeAt);
    this.#freeAt = at + (count / this.#perSecond) * 1_000;
    if (at > now) await pause(at - now);
  }
}
