/** Text from a stranger, for a terminal: control characters, line breaks aside, must not steer it. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, "\uFFFD");
}

/** The same on one line, and no longer than `characters`. */
export function oneLine(text: string, characters = Number.POSITIVE_INFINITY): string {
  const line = printable(text.replace(/\s+/g, " ").trim());
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line;
}
