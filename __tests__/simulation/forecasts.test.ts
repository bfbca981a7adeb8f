import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunReport } from "../../simulation/run.ts";
import { REPOSITORY } from "../support/repository.ts";

/** Those that take seconds; `npm run simulate` runs more of them, and the longest by name. */
test.each(["forecast-short", "forecast-100-ms", "forecast-parked"])(
  "%s: the model's backlog, age, time to drain and parked events are the simulation's, within a tenth",
  async (name) => {
    const args = ["--scenario", name, "--seed", "2", "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--disable-warning=ExperimentalWarning",
      join(REPOSITORY, "simulation/main.ts"),
      ...args,
    ]).catch((error: { readonly stdout: string }) => error);
    const { failures, events, judgement } = JSON.parse(stdout) as RunReport;
    expect(failures).toEqual([]);
    expect(events).toBeGreaterThan(1_000);
    expect(judgement.backlog.atResume).toBeGreaterThan(1_000);
  },
  120_000,
);
