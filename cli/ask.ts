import { createInterface } from "node:readline/promises";
import { UsageError } from "./errors.ts";

/**
 * One line from the person at the terminal; the question goes to stderr.
 *
 * @param instead what a script gives in place of an answer
 * @throws {UsageError} where nobody is there to be asked
 */
export async function ask(question: string, instead: string, signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError("There is no terminal to ask on.", `In a script, ${instead}.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question, { signal })).trim();
  } finally {
    lines.close();
  }
}
