import { GRAM, gramsOf, shortSpellingsOf } from "./spellings.ts";
import { readings, spacesForPlus, type View, withoutIgnored } from "./view.ts";

/** Shorter texts are in many words; no secret is so short. */
const SHORTEST = 4;

const REPLACEMENT = "[secret]";

type Range = readonly [start: number, end: number];

/**
 * Knows secrets, and takes them out of whatever is to be kept or shown, in any spelling: as they are, in JSON,
 * percent-encoded, as HTML, in base64 or hex, one in the other, in another case, and shortened to eight characters
 * or more. The words around them stay.
 */
export class Redaction {
  readonly #secrets = new Set<string>();
  readonly #grams = new Set<string>();
  readonly #short = new Set<string>();

  /** Remembers a secret; of `user:password`, the password too. Returns it. */
  add(secret: string): string {
    const password = secret.slice(secret.indexOf(":") + 1);
    for (const each of [secret, password]) {
      if (each.length < SHORTEST || this.#secrets.has(each)) continue;
      this.#secrets.add(each);
      for (const gram of gramsOf(each)) this.#grams.add(gram);
      for (const spelling of shortSpellingsOf(each)) this.#short.add(spelling);
    }
    return secret;
  }

  /** The text with `[secret]` in place of every secret, and of every part of one. In time linear in the text. */
  scrub(text: string): string {
    if (this.#secrets.size === 0) return text;
    const ranges: Range[] = [];
    for (const view of readings(text)) for (const range of this.#found(view)) ranges.push(range);
    return replaced(text, ranges);
  }

  *#found(view: View): Generator<Range> {
    for (const each of [view, spacesForPlus(view)]) {
      if (each === undefined) continue;
      yield* this.#foundShort(each);
      yield* this.#foundGrams(withoutIgnored(each));
    }
  }

  *#foundGrams({ text, starts, ends }: View): Generator<Range> {
    for (let at = 0; at + GRAM <= text.length; at++) {
      if (this.#grams.has(text.slice(at, at + GRAM))) yield [starts[at] ?? 0, ends[at + GRAM - 1] ?? 0];
    }
  }

  *#foundShort({ text, starts, ends }: View): Generator<Range> {
    for (const spelling of this.#short) {
      for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + 1)) {
        yield [starts[at] ?? 0, ends[at + spelling.length - 1] ?? 0];
      }
    }
  }
}

/** What overlaps or touches becomes one. */
function replaced(text: string, ranges: readonly Range[]): string {
  let kept = "";
  let end = 0;
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    if (kept === "" && end === 0) kept = text.slice(0, from) + REPLACEMENT;
    else if (from > end) kept += text.slice(end, from) + REPLACEMENT;
    end = Math.max(end, to);
  }
  return kept + text.slice(end);
}
