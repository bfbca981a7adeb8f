import { createHash } from "node:crypto";

/** Draws what differs between samples; the same seed draws the same. */
export class SampleRandom {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Hexadecimal digits, at most 64. */
  hex(length: number): string {
    return createHash("sha256")
      .update(`${this.#seed}/${this.#drawn++}`)
      .digest("hex")
      .slice(0, length);
  }

  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + (Number.parseInt(this.hex(12), 16) % (most - least + 1));
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.integer(0, list.length - 1)] ?? list[0];
  }

  /** A UUID of version 4. */
  uuid(): string {
    const digits = this.hex(32);
    const variant = this.pick(["8", "9", "a", "b"]);
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `${variant}${digits.slice(17, 20)}`,
      digits.slice(20),
    ].join("-");
  }

  /** What a customer may write: some of it has broken somebody's pipeline before. */
  text(): string {
    return this.pick(TEXTS);
  }
}

const TEXTS = [
  "Grüße 👋",
  "Where is my order?",
  "「ありがとう」",
  'It\'s 5 < 6 & "fine"',
  "Line one\nline two",
  "Zażółć gęślą jaźń",
  "مرحبا",
] as const;
