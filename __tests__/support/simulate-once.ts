/**
 * `simulate-once.ts FOLDER SEED`: runs one world of everything twice in a process of its own, and prints the digests
 * and what it used of the real world.
 */
import { usesOfRealWorld, watchRealWorld } from "./real-world.ts";

watchRealWorld();
// Not before: what is loaded may keep the process's own clock.
const { run } = await import("../../simulation/run.ts");
const { readSimulatedStack } = await import("../../simulation/stack.ts");
const { synthesiseFor } = await import("../../simulation/synthesise.ts");
const { everything } = await import("./simulated-world.ts");

const [folder = "", seed = "1"] = process.argv.slice(2);
const stack = await readSimulatedStack(synthesiseFor(everything.settings ?? {}, folder));
const digests: string[] = [];
let events = 0;
const uses = await usesOfRealWorld(async () => {
  for (let i = 0; i < 2; i++) {
    const report = await run(everything, stack, Number(seed));
    digests.push(report.digest);
    events = report.events;
  }
});
process.stdout.write(JSON.stringify({ digests, events, uses }));
