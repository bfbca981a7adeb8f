import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { Interrupted, UsageError } from "../contract/command-error.ts";

/**
 * One line from the person at the terminal; the question goes to stderr.
 *
 * @param instead what a script gives in place of an answer
 * @throws {UsageError} where nobody is there to be asked
 * @throws {Interrupted} when the person will not answer
 */
export async function ask(question: string, instead: string, signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError("There is no terminal to ask on.", `In a script, ${instead}.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = once(lines, "close").then(() => Promise.reject(new Interrupted())); // Ctrl-C, Ctrl-D
    closed.catch(() => undefined); // it closes after an answer, too
    const answer = lines.question(question, { signal }).catch(() => Promise.reject(new Interrupted()));
    return (await Promise.race([answer, closed])).trim();
  } finally {
    lines.close();
  }
}

/**
 * Whether the person at the terminal says yes; any other answer is a no.
 *
 * @param question without the choice, which is added
 * @throws {UsageError} where nobody is there to be asked
 * @throws {Interrupted} when the person will not answer
 */
export async function agree(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `, "give --yes", signal));
}
