import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";
import { scenarios } from "./scenarios.ts";
import { readSimulatedStack } from "./stack.ts";
import { synthesiseFor } from "./synthesise.ts";

const [name, seed = "1", trace] = process.argv.slice(2);
const scenario = scenarios.find((each) => each.name === name);
if (!scenario) throw new Error("no");
const file = synthesiseFor(scenario.settings ?? {}, mkdtempSync(join(tmpdir(), "sim-")));
const stack = await readSimulatedStack(file);
const t = performance.now();
const report = await run(scenario, stack, Number(seed), trace ? (line) => console.log(line) : undefined);
console.log(JSON.stringify(report, null, 1), ((performance.now() - t) / 1000).toFixed(2), "s");
