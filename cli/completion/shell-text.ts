/** As a shell reads it: one word, whatever it holds. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
