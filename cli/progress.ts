import { type Bar, Presets, SingleBar } from "cli-progress";

/** Nobody needs a bar for what is over in a moment. */
const SHOWN_AFTER_MILLISECONDS = 2_000;

/** How far something has come: on stderr, on a terminal, once it takes long. */
export class Progress {
  readonly #format: string;
  readonly #startedAt = Date.now();
  #total: number;
  #done = 0;
  #bar: Bar | undefined;

  /** @param doing what is counted: `redriven` */
  constructor(doing: string, total: number) {
    this.#format = `{bar} {percentage}% | {value} of {total} ${doing} | {eta_formatted} left`;
    this.#total = total;
  }

  update(done: number, total = this.#total): void {
    this.#done = done;
    this.#total = Math.max(total, done);
    if (this.#bar) {
      this.#bar.setTotal(this.#total);
      this.#bar.update(this.#done);
    } else if (process.stderr.isTTY && Date.now() - this.#startedAt >= SHOWN_AFTER_MILLISECONDS) {
      this.#bar = new SingleBar(
        { stream: process.stderr, format: this.#format, hideCursor: true, clearOnComplete: true },
        Presets.shades_classic,
      );
      this.#bar.start(this.#total, this.#done);
    }
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
