import { jest } from "@jest/globals";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { floodInput } from "./flood.ts";
import { type LocalBench, localRun } from "./local-bench.ts";

/** A run of the synthesised stack under load, with recovery every second, and the destination that it delivers to. */
export function proof(input: EnvironmentInput = floodInput): Pick<LocalBench, "run" | "destination"> {
  jest.setTimeout(300_000);
  return localRun({ input, scheduleEverySeconds: 1 });
}
