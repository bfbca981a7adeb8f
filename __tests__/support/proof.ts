import { jest } from "@jest/globals";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { type LocalRun, startLocal } from "../../local/run.ts";
import { startDestination, type TestDestination } from "./destination.ts";
import { floodInput } from "./flood.ts";
import { openWorkshop, type Workshop } from "./local-run.ts";

/** A run of the synthesised stack under load, and the destination that it delivers to. */
interface Proof {
  readonly run: LocalRun;
  readonly destination: TestDestination;
}

/** Starts one for the tests of a file, with recovery every second, and stops it after them. */
export function proof(input: EnvironmentInput = floodInput): Proof {
  let workshop: Workshop;
  let destination: TestDestination;
  let run: LocalRun | undefined;
  jest.setTimeout(300_000);

  beforeAll(async () => {
    [workshop, destination] = await Promise.all([openWorkshop(), startDestination()]);
    const stackFile = workshop.synthesise("stack", input);
    run = await startLocal({ stackFile, destination: destination.url, scheduleEverySeconds: 1 });
  });
  afterAll(async () => {
    await run?.stop();
    await destination.stop();
    await workshop.close();
  });

  return {
    get run() {
      if (run === undefined) throw new Error("The run is there once the tests have begun.");
      return run;
    },
    get destination() {
      return destination;
    },
  };
}
