import { TestEnvironment } from "jest-environment-node";
import { activeMutant, note } from "./reached.mjs";

/** How often each mutant was reached, in all files so far. */
const before = { tested: new Map(), loaded: new Map() };
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
    const { static: loaded = {}, perTest = {} } = this.global.__stryker__?.mutantCoverage ?? {};
    note({
      path: this.#path,
      milliseconds: Date.now() - this.#started,
      tested: since("tested", Object.values(perTest)),
      loaded: since("loaded", [loaded]),
    });
  }
}

/** The mutants that were reached since the last file: the library's counts add up over all files. */
function since(how, counts) {
  const sums = new Map();
  for (const [mutant, count] of counts.flatMap(Object.entries))
    sums.set(mutant, (sums.get(mutant) ?? 0) + count);
  const more = [...sums].filter(([mutant, count]) => count > (before[how].get(mutant) ?? 0));
  before[how] = sums;
  return more.map(([mutant]) => mutant);
}
