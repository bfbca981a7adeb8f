import JestRunner from "jest-runner";
import { activeMutant, filesFor } from "./reached.mjs";

/**
 * jest's runner for mutation runs. The library runs every file for every mutant, and to its end. This one runs the
 * files that reach the mutant, the fastest first, and stops at the first that notices it.
 */
export default class MutationRunner extends (JestRunner.default ?? JestRunner) {
  async runTests(tests, watcher, options) {
    const mutant = activeMutant();
    if (mutant === undefined) return super.runTests(tests, watcher, options);
    let noticed = false;
    const stop = [
      this.on("test-file-success", ([, result]) => {
        noticed ||= result.numFailingTests > 0 || result.testExecError !== undefined;
      }),
      this.on("test-file-failure", () => {
        noticed = true;
      }),
    ];
    for (const path of filesFor(mutant)) {
      const test = tests.find((one) => one.path === path);
      if (test !== undefined) await super.runTests([test], watcher, options);
      if (noticed) break;
    }
    for (const off of stop) off();
  }
}
