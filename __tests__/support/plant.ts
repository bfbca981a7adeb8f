/** A change to one file that makes it wrong. */
export interface Planting {
  /** What goes wrong; unique in its list. */
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly pattern: string;
  readonly replacement: string;
}

/** The file with the change in it. @throws {Error} where the pattern does not stand there exactly once */
export function plant(text: string, { name, file, pattern, replacement }: Planting): string {
  const [head, tail, ...more] = text.split(pattern);
  if (head === undefined || tail === undefined || more.length > 0) {
    const times = text.split(pattern).length - 1;
    throw new Error(`${name}: its pattern stands ${times} times in ${file}, and not once.`);
  }
  return `${head}${replacement}${tail}`;
}
