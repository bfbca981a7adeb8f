import { createHash } from "node:crypto";
import { START } from "./clock.ts";

/** What happened in a run, line by line: always hashed, and kept where somebody wants to read it. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #now: () => number;
  readonly #print: ((line: string) => void) | undefined;
  #lines = 0;

  /** @param print takes every line; without it a line costs a hash and no more */
  constructor(now: () => number, print?: (line: string) => void) {
    this.#now = now;
    this.#print = print;
  }

  add(who: string, what: string): void {
    const line = `${timeText(this.#now() - START)} ${who} ${what}`;
    this.#hash.update(line).update("\n");
    this.#lines++;
    this.#print?.(line);
  }

  get lines(): number {
    return this.#lines;
  }

  /** The same for two runs in which the same happened. Ends the trace. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** `1d 02:03:04.005` */
function timeText(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
  const days = Math.floor(whole / 86_400_000);
  const hours = Math.floor(whole / 3_600_000) % 24;
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = Math.floor(whole / 1_000) % 60;
  return `${days}d ${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(whole % 1_000, 3)}`;
}
