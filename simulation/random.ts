/**
 * Chance, out of a seed: the same seed gives the same numbers on every machine. Each purpose draws from a stream
 * of its own, so that one more draw for one of them changes none of the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string) {
    [this.#a, this.#b, this.#c, this.#d] = mixed(seed);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A stream of its own for `purpose`; `seed` is whatever this stream was made of. */
  static stream(seed: number, purpose: string): Random {
    return new Random(`${seed}/${purpose}`);
  }

  /** From 0 up to, but not including, 1. sfc32, which passes PractRand: https://pracrand.sourceforge.net/RNG_engines.txt */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** The time to the next of events that come by chance, `mean` apart. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.integer(0, list.length - 1)] ?? list[0];
  }
}

/** Four numbers out of a text: FNV-1a with four different starts. */
function mixed(text: string): [number, number, number, number] {
  const hash = (start: number) => {
    let value = start | 0;
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
    return value;
  };
  return [hash(0x811c9dc5), hash(0x01000193), hash(0x9e3779b9), hash(0x85ebca6b)];
}
