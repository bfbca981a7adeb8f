/** A place in a file; both count from 1, as an editor does. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** One change that StrykerJS makes in one place. */
export interface Mutant {
  /** From the repository's root. */
  readonly file: string;
  readonly start: Position;
  /** Behind the last character. */
  readonly end: Position;
  readonly replacement: string;
}

export interface Result extends Mutant {
  /** What the mutant takes away. */
  readonly original: string;
  /** StrykerJS's word: `Killed`, `Timeout`, `Survived`, `NoCoverage`, `RuntimeError`. */
  readonly status: string;
}

export const isNoticed = ({ status }: Result) => status === "Killed" || status === "Timeout";
export const isMissed = ({ status }: Result) => status === "Survived" || status === "NoCoverage";

/** Where it stands, for a person. */
export const placeOf = ({ file, start }: Mutant) => `${file}:${start.line}:${start.column}`;

/** The same in each run over the same files, whatever StrykerJS numbers it. */
export function identityOf(mutant: Mutant): string {
  const { end, replacement } = mutant;
  return `${placeOf(mutant)}-${end.line}:${end.column} ${replacement}`;
}

/** The text in whose place the mutant stands. */
export const originalOf = (text: string, { start, end }: Mutant) =>
  text.slice(offsetOf(text, start), offsetOf(text, end));

/** The file's text with the mutant in it. */
export const apply = (text: string, { start, end, replacement }: Mutant) =>
  `${text.slice(0, offsetOf(text, start))}${replacement}${text.slice(offsetOf(text, end))}`;

function offsetOf(text: string, { line, column }: Position): number {
  let offset = 0;
  for (let at = 1; at < line; at++) offset = text.indexOf("\n", offset) + 1;
  return offset + column - 1;
}
