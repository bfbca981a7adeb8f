import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { connect, emulatorEnvironment } from "../cloud.ts";
import { startMoto } from "../moto.ts";
import { copyProject } from "../project.ts";
import type { Runner } from "../run.ts";
import type { Tools } from "../tools.ts";
import { courses, elsewhere } from "./courses.ts";
import { lived } from "./lived.ts";
import { Living } from "./living.ts";
import { restoreWhatHandsChange } from "./restore.ts";
import { walk } from "./walk.ts";

export interface SecondDayOptions {
  /** An empty folder of this part's own. */
  readonly directory: string;
  /** Every course, rather than those of every rehearsal. */
  readonly whole: boolean;
  /** Of those, the ones whose titles contain this. */
  readonly only?: string;
  readonly say: (line: string) => void;
}

/** As `only` finds it. */
const HANDS = "what hands change";

/**
 * Deploys an environment, puts it to use, and changes it: each change is applied and leaves nothing to be done and
 * nothing lost, or the review stops it and says why.
 *
 * @throws {Error} with every change that did not end as it has to
 */
export async function rehearseSecondDay(
  tools: Tools,
  options: SecondDayOptions,
  runner: Runner,
): Promise<void> {
  const { directory, whole, only = "", say } = options;
  await mkdir(directory, { recursive: true });
  const project = await copyProject(join(directory, "project"));
  const moto = await startMoto();
  const cloud = connect(moto.endpoint, lived.region);
  const env = { ...tools.terraform.env, ...emulatorEnvironment(moto.endpoint, lived.region) };
  const living = new Living({ project, directory, terraform: tools.terraform.command, env, cloud, runner });
  const failures: string[] = [];
  try {
    await begin(living);
    if (HANDS.includes(only)) await restoreWhatHandsChange(living, cloud);
    for (const course of courses) {
      if (!(whole || course.always) || !course.title.includes(only)) continue;
      try {
        await walk(living, lived, course, whole);
      } catch (error) {
        runner.requireRunning();
        if (!whole) throw error;
        // The others are looked at all the same: a whole rehearsal takes half an hour.
        say(`FAILED ${(error as Error).message}`);
        failures.push((error as Error).message);
        await begin(living);
      }
    }
  } finally {
    cloud.close();
    await moto.stop();
  }
  if (failures.length > 0) throw new Error(`${failures.length} changes failed:\n\n${failures.join("\n\n")}`);
  if (!whole) return;
  for (const { setting, because, shownBy } of elsewhere) say(`not here: ${setting}: ${because} (${shownBy})`);
}

/** As it is between courses, however the last one ended. */
async function begin(living: Living): Promise<void> {
  await living.synthesise(lived);
  await living.terraform("terraform init", ["init", "-no-color", "-reconfigure"]);
  await living.apply();
  const stores = await living.stores();
  await living.contents.setNewSecrets(stores);
  await living.contents.put(stores);
  await living.requireEmptyPlan("second plan");
}
