/** A realistic bug: a change to one file, and the tests that have to notice it. */
export interface Bug {
  /** Unique: what `--only` takes, and what a score names. */
  readonly name: string;
  /** From the repository's root; its room is told by how it begins. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly pattern: string;
  readonly replacement: string;
  /** Test files, from the repository's root; one that fails is enough. */
  readonly tests: readonly string[];
  /** Why nobody could notice it: then it counts for nothing, and is not planted. */
  readonly equivalent?: string;
}

/** `functions/receiver`, `cli`: what the score is told by. */
export function roomOf({ file }: Bug): string {
  const [room = "", inner = ""] = file.split("/");
  return room === "functions" ? `${room}/${inner}` : room;
}

/** The file with the bug in it. @throws {Error} where the pattern does not stand there exactly once */
export function plant(text: string, { name, file, pattern, replacement }: Bug): string {
  const [head, tail, ...more] = text.split(pattern);
  if (head === undefined || tail === undefined || more.length > 0) {
    const times = text.split(pattern).length - 1;
    throw new Error(`${name}: its pattern stands ${times} times in ${file}, and not once.`);
  }
  return `${head}${replacement}${tail}`;
}
