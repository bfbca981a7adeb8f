/**
 * Strangers' text (event types, reasons, ids, names, answers) for people's eyes: text and nothing else. What steers a
 * terminal, turns the direction of text or cannot be seen is written out: `\u{202e}`.
 */

/** Controls, format characters, separators of lines, halves of characters, and whatever is shown as nothing at all. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Characters of a text within a line, where nothing else is said. */
const LINE_CHARACTERS = 200;

/** Everything in it can be seen, line breaks and tabs too. */
export function visible(text: string): string {
  return text.replace(UNSEEN, written);
}

/** The same, but line breaks and tabs are what they are. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) => (/[\n\t]/.test(character) ? character : written(character)));
}

/** On one line, visible, and no longer than `characters`. */
export function oneLine(text: string, characters = LINE_CHARACTERS): string {
  // More than that is not looked at: most of it would have to be spaces.
  const line = visible(
    text
      .slice(0, 20 * characters)
      .replace(/[ \t\r\n]+/g, " ")
      .trim(),
  );
  return cut(line, characters, text.length > 20 * characters);
}

/** Over lines, visible, and no longer than `characters`. */
export function someLines(text: string, characters: number): string {
  return cut(visibleLines(text.slice(0, characters)), characters, text.length > characters);
}

/**
 * What goes to a terminal, whoever has put it together: a second net under the first.
 *
 * @param coloured whether the colours and weights in it are ours; the only sequences that stay
 */
export function terminalText(text: string, coloured: boolean): string {
  if (!coloured) return visibleLines(text);
  return text
    .split(OUR_COLOURS)
    .map((part, at) => (at % 2 === 1 ? part : visibleLines(part)))
    .join("");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about them
const OUR_COLOURS = /(\x1b\[(?:[0-9]|2[0-9]|3[0-79]|9[0-7])m)/;

/** JSON that says the same, and in which everything can be seen. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) =>
    character === "\n"
      ? character
      : [...character.split("")]
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );
}

function written(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** Not in the middle of what was written out, nor of a character. */
function cut(text: string, characters: number, isCut: boolean): string {
  if (!isCut && text.length <= characters) return text;
  const kept = text.slice(0, characters - 1).replace(/\\(u(\{[0-9a-f]*)?)?$|[\uD800-\uDBFF]$/, "");
  return `${kept}…`;
}
