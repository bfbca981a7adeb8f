import { appendFileSync, readFileSync } from "node:fs";

/** A line for each test file of the first run. It lies in the sandbox, and goes with it. */
const FILE = "reached.jsonl";

/** The mutant of this run; `undefined` in the first run, which has none. */
export const activeMutant = () => process.env.__STRYKER_ACTIVE_MUTANT__;

/** Writes down which mutants a test file reached: while its modules were loaded, in its hooks, in its tests. */
export function note(path, mutants, milliseconds) {
  appendFileSync(FILE, `${JSON.stringify({ path, mutants, milliseconds })}\n`);
}

/** The test files that reach a mutant, the fastest first. */
export function filesThatReach(mutant) {
  return readFileSync(FILE, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ mutants }) => mutants.includes(mutant))
    .sort((a, b) => a.milliseconds - b.milliseconds)
    .map(({ path }) => path);
}
