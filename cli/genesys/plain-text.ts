/** Text from outside on one line, with nothing in it that a terminal would obey. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
