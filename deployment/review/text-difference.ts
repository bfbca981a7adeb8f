/** Longer texts are told by where they differ. */
const LONG = 200;
/** Characters of what is the same, before and behind what differs. */
const CONTEXT = 30;
/** Words that are compared with each other; beyond, all between the first and the last difference is told as one. */
const MOST_COMPARISONS = 4_000_000;
/** Of one text; the rest is in the JSON. */
const MOST_CHARACTERS = 2_000;

/** One place where two texts differ, with something of what is around it. */
export interface TextDifference {
  readonly before: string;
  readonly after: string;
}

/** Where two texts differ, in their order: whole texts where they are short. Each difference is in it, from its beginning. */
export function differencesOf(before: string, after: string): TextDifference[] {
  if ([...before].length <= LONG && [...after].length <= LONG) return [{ before, after }];
  const [old, young] = [wordsOf(before), wordsOf(after)];
  const start = commonStart(old, young);
  const end = commonEnd(old.slice(start), young.slice(start));
  const inner = [old.slice(start, old.length - end), young.slice(start, young.length - end)] as const;
  return gaps(...inner).map((gap) => ({
    before: around(old, start + gap.old[0], start + gap.old[1]),
    after: around(young, start + gap.young[0], start + gap.young[1]),
  }));
}

/** A text of which there is no other, and no more of it than a person reads. */
export function beginningOf(text: string): string {
  const characters = [...text];
  const more = characters.length - MOST_CHARACTERS;
  return more <= 0 ? text : `${characters.slice(0, MOST_CHARACTERS).join("")}… (${more} more characters)`;
}

/** Words, numbers and every other character for itself. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_.-]{1,40}|\s+|[\s\S]/gu) ?? [];
}

function commonStart(old: readonly string[], young: readonly string[]): number {
  let same = 0;
  while (same < Math.min(old.length, young.length) && old[same] === young[same]) same += 1;
  return same;
}

function commonEnd(old: readonly string[], young: readonly string[]): number {
  return commonStart(old.toReversed(), young.toReversed());
}

type Range = readonly [from: number, to: number];

interface Gap {
  readonly old: Range;
  readonly young: Range;
}

/** What is left between the words of a longest common subsequence; gaps that are close to each other are one. */
function gaps(old: readonly string[], young: readonly string[]): Gap[] {
  if (old.length * young.length > MOST_COMPARISONS)
    return [{ old: [0, old.length], young: [0, young.length] }];
  const common = commonWords(old, young);
  const found: Gap[] = [];
  let [o, y] = [0, 0];
  for (const [atOld, atYoung] of [...common, [old.length, young.length] as const]) {
    if (atOld > o || atYoung > y) found.push({ old: [o, atOld], young: [y, atYoung] });
    [o, y] = [atOld + 1, atYoung + 1];
  }
  return joined(found);
}

const CLOSE = 8;

function joined(found: readonly Gap[]): Gap[] {
  const all: Gap[] = [];
  for (const gap of found) {
    const last = all.at(-1);
    if (last === undefined || gap.old[0] - last.old[1] > CLOSE) all.push(gap);
    else all.splice(-1, 1, { old: [last.old[0], gap.old[1]], young: [last.young[0], gap.young[1]] });
  }
  return all;
}

/** Where the words of a longest common subsequence stand, in both. */
function commonWords(old: readonly string[], young: readonly string[]): Range[] {
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let o = old.length - 1; o >= 0; o -= 1) {
    for (let y = young.length - 1; y >= 0; y -= 1) {
      lengths[o * width + y] =
        old[o] === young[y]
          ? at(lengths, (o + 1) * width + y + 1) + 1
          : Math.max(at(lengths, (o + 1) * width + y), at(lengths, o * width + y + 1));
    }
  }
  const common: Range[] = [];
  for (let [o, y] = [0, 0]; o < old.length && y < young.length; ) {
    if (old[o] === young[y]) {
      common.push([o, y]);
      [o, y] = [o + 1, y + 1];
    } else if (at(lengths, (o + 1) * width + y) >= at(lengths, o * width + y + 1)) o += 1;
    else y += 1;
  }
  return common;
}

const at = (lengths: Uint32Array, index: number) => lengths[index] ?? 0;

/** A part of a text and what is around it; what is cut stands as dots. */
function around(words: readonly string[], from: number, to: number): string {
  const [head, tail] = [words.slice(0, from).join(""), words.slice(to).join("")].map((text) => [...text]);
  const before = (head ?? []).slice(-CONTEXT).join("");
  const behind = (tail ?? []).slice(0, CONTEXT).join("");
  return [
    (head ?? []).length > CONTEXT ? "…" : "",
    before,
    beginningOf(words.slice(from, to).join("")),
    behind,
    (tail ?? []).length > CONTEXT ? "…" : "",
  ].join("");
}
