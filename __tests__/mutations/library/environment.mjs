import { TestEnvironment } from "jest-environment-node";
import { activeMutant, note } from "./reached.mjs";

/** How often each mutant was reached, in all files so far. */
let before = new Map();
/** The mutant that a test of this process has noticed last. */
let noticed;

/** jest's environment for mutation runs: writes down what a file reaches, and stops after the first failed test. */
export default class MutationEnvironment extends TestEnvironment {
  #path;
  #started = Date.now();

  constructor(config, context) {
    super(config, context);
    this.#path = context.testPath;
    if (noticed !== activeMutant()) noticed = undefined;
  }

  handleTestEvent(event) {
    const mutant = activeMutant();
    if (mutant === undefined) return;
    if (event.name === "test_start" && noticed === mutant) event.test.mode = "skip";
    if (event.name === "test_done" && event.test.errors.length > 0) noticed = mutant;
  }

  async teardown() {
    if (activeMutant() === undefined) this.#noteReached();
    await super.teardown();
  }

  #noteReached() {
    const now = counts(this.global.__stryker__?.mutantCoverage);
    const reached = [...now].filter(([mutant, count]) => count > (before.get(mutant) ?? 0));
    before = now;
    note(
      this.#path,
      reached.map(([mutant]) => mutant),
      Date.now() - this.#started,
    );
  }
}

/** The library adds up, over all files: outside of tests, and by test. */
function counts(coverage) {
  const sums = new Map();
  for (const part of [coverage?.static ?? {}, ...Object.values(coverage?.perTest ?? {})]) {
    for (const [mutant, count] of Object.entries(part)) sums.set(mutant, (sums.get(mutant) ?? 0) + count);
  }
  return sums;
}
