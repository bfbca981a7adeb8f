import { run } from "./run.ts";
import { scenarioNamed } from "./scenarios.ts";
import { readSimulatedStack, type SimulatedStack } from "./stack.ts";

/** What a worker is asked for. */
export interface Task {
  readonly scenario: string;
  readonly seed: number;
  /** The synthesised stack's `cdk.tf.json`. */
  readonly stackFile: string;
}

const stacks = new Map<string, Promise<SimulatedStack>>();

/** Runs what its parent sends, one task after the other, and sends back what came of it. */
process.on("message", ({ scenario, seed, stackFile }: Task) => {
  const stack = stacks.get(stackFile) ?? readSimulatedStack(stackFile);
  stacks.set(stackFile, stack);
  void stack
    .then((read) => run(scenarioNamed(scenario), read, seed))
    .then(
      (report) => process.send?.({ report }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
});
process.on("disconnect", () => process.exit());
