/** What is a sign of a protocol or of a version, and no number of an event. */
const NAMES = /^(?:v\d{1,2}|sha\d{1,3}|base\d{2}|utf\d{1,2}|http\d?|tls\d?|ipv[46]|md5|oauth2?)$/iu;

const TIME =
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\p{L}\p{N}])/gu;
const UUID =
  /(?<![\p{L}\p{N}])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\p{L}\p{N}])/giu;
const MAIL = /[^\s@"'<>(),;:]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const ADDRESS = /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\p{L}\p{N}.])/gu;
const NUMBER = /(?<![\p{L}\p{N}_-])\p{N}+(?:[.,]\p{N}+)*(?![\p{L}\p{N}_-])/gu;
const WORD = /[\p{L}\p{N}]+(?:[-_]+[\p{L}\p{N}]+)*/gu;
/** Letters first, digits after: `contact12345`. */
const NAMED_NUMBER = /^(\p{L}{2,})(\p{N}+)$/u;

/** As much of a reason as tells causes apart: what follows are a destination's particulars. */
const MOST_CHARACTERS = 200;

/**
 * The same text for the same cause: numbers, ids, times, addresses and mail addresses are folded to `<n>`, `<id>` and
 * so on. A status, and names such as `sha256`, stay.
 *
 * @param keep numbers that belong to the cause, the HTTP status for one
 */
export function fold(text: string, keep: readonly number[] = []): string {
  const kept = new Set(keep.map(String));
  return [...text.trim().replaceAll(/\s+/gu, " ")]
    .slice(0, 2 * MOST_CHARACTERS)
    .join("")
    .replaceAll(TIME, "<time>")
    .replaceAll(UUID, "<id>")
    .replaceAll(MAIL, "<mail>")
    .replaceAll(ADDRESS, "<address>")
    .replaceAll(NUMBER, (number) => (kept.has(number) ? number : "<n>"))
    .replaceAll(WORD, (word) => (kept.has(word) ? word : foldWord(word)))
    .slice(0, MOST_CHARACTERS);
}

/** One part that is an id makes an id of the whole: `00Q5g00000-AbC12`. */
function foldWord(word: string): string {
  if (!/\p{N}/u.test(word)) return word;
  const parts = word.split(/([-_]+)/).map(foldPart);
  return parts.includes("<id>") ? "<id>" : parts.join("");
}

function foldPart(part: string): string {
  if (NAMES.test(part)) return part;
  const named = NAMED_NUMBER.exec(part);
  if (named?.[1] !== undefined) return `${named[1]}<n>`;
  const isId = part.length >= 6 && /\p{L}/u.test(part) && /\p{N}/u.test(part);
  return isId ? "<id>" : part.replaceAll(/\p{N}+/gu, "<n>");
}
