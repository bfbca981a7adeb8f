/** What steers a terminal, turns text round or cannot be seen; by code, so that nothing of it lies in this file. */
const UNSEEN = [
  ...[0x00, 0x07, 0x08, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x9d], // controls: C0, DEL, C1
  ...[0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff], // zero-width
  ...[0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069], // lines, directions
  ...[0x3164, 0xfe0f, 0xe0041], // fillers, selectors, tags
];

const of = (code: number) => String.fromCodePoint(code);

/** A stranger's text: it retitles the window, clears the screen, fakes a line, turns what follows round. */
export const HOSTILE = `${of(0x1b)}]0;owned${of(7)}${of(0x1b)}[2Jnothing is wrong${of(0x9b)}31m${UNSEEN.map(of).join("")}\r\n.`;

/** As long as an event may make it. */
export const LONG = "v2.".padEnd(117_000, "detail.events.");

/** What of it stands in a text, by code; line breaks and tabs are every text's own. */
export function unseenIn(text: string): string[] {
  const found = UNSEEN.filter((code) => text.includes(of(code)));
  return found.map((code) => `U+${code.toString(16)}`);
}

/** Characters of the longest line. */
export function longestLine(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length));
}
