import { appendFileSync, readFileSync } from "node:fs";

/** A line for each test file of the first run. It lies in the sandbox, and goes with it. */
const FILE = "reached.jsonl";

/** Milliseconds of files that only load a mutant: dozens load every setting, and are about something else. */
const LOADING_MILLISECONDS = 30_000;

/** The mutant of this run; `undefined` in the first run, which has none. */
export const activeMutant = () => process.env.__STRYKER_ACTIVE_MUTANT__;

/**
 * Writes down which mutants a test file reached.
 *
 * @param file its path, the milliseconds that it took, and mutants: those reached in a test, and those reached while
 *   modules were loaded or in a hook
 */
export function note(file) {
  appendFileSync(FILE, `${JSON.stringify(file)}\n`);
}

/** The paths of the test files to run for a mutant: the fastest first, those that only load it last. */
export function filesFor(mutant) {
  const files = readFileSync(FILE, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .sort((one, other) => one.milliseconds - other.milliseconds);
  const testing = files.filter(({ tested }) => tested.includes(mutant));
  const chosen = [...testing];
  let milliseconds = 0;
  for (const file of files) {
    if (testing.includes(file) || !file.loaded.includes(mutant)) continue;
    milliseconds += file.milliseconds;
    if (milliseconds > LOADING_MILLISECONDS) break;
    chosen.push(file);
  }
  return chosen.map(({ path }) => path);
}
