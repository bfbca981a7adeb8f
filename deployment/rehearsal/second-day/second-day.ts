import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { connect, emulatorEnvironment } from "../cloud.ts";
import { startMoto } from "../moto.ts";
import { copyProject } from "../project.ts";
import { readCalls } from "../roles/noted-call.ts";
import { rehearsedRoles } from "../roles/rehearsed-roles.ts";
import { requireAllowed } from "../roles/require-allowed.ts";
import { Runner } from "../run.ts";
import type { Tools } from "../tools.ts";
import type { Course } from "./course.ts";
import { courses, elsewhere } from "./courses.ts";
import { lived } from "./lived.ts";
import { Living } from "./living.ts";
import { restoreWhatHandsChange } from "./restore.ts";
import { walk } from "./walk.ts";

export interface SecondDayOptions {
  /** An empty folder of this part's own. */
  readonly directory: string;
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/** As `only` finds what hands change. */
const HANDS = "what hands change";
/** Environments that are changed at the same time: most of it is waiting, but Terraform wants a core now and then. */
const LANES = 2;

/**
 * Deploys an environment, puts it to use, and changes it by hand and by a few deployments: the part of every
 * rehearsal.
 *
 * @throws {Error} at the first change that does not end as it has to
 */
export async function rehearseSecondDay(tools: Tools, options: SecondDayOptions): Promise<void> {
  await inLivingEnvironment(tools, options, async (living) => {
    await restoreWhatHandsChange(living);
    for (const course of courses) if (course.always) await walk(living, lived, course, false);
  });
}

/**
 * Changes every setting of an environment in use: each change is applied and leaves nothing to be done and nothing
 * lost, or the review stops it and says why.
 *
 * @param only what the titles of what is wanted match
 * @throws {Error} with every change that did not end as it has to
 */
export async function rehearseSecondDayWhole(
  tools: Tools,
  options: SecondDayOptions,
  only: RegExp,
): Promise<void> {
  const wanted = courses.filter(({ title }) => only.test(title));
  const lanes = Array.from({ length: Math.min(LANES, Math.max(1, wanted.length)) }, (_, lane) => ({
    name: `lane ${lane + 1}`,
    hands: lane === 0 && only.test(HANDS),
    courses: wanted.filter((_course, i) => i % LANES === lane),
  }));
  const failures = await Promise.all(
    lanes.map(({ name, ...lane }) => {
      const say = (line: string) => options.say(`[${name}] ${line}`);
      return walkLane(tools, { ...options, say, directory: join(options.directory, name) }, lane);
    }),
  );
  const all = failures.flat();
  if (all.length > 0) throw new Error(`${all.length} changes failed:\n\n${all.join("\n\n")}`);
  for (const { setting, because, shownBy } of elsewhere)
    options.say(`not here: ${setting}: ${because} (${shownBy})`);
}

/** @returns what failed; the others are looked at all the same */
async function walkLane(
  tools: Tools,
  options: SecondDayOptions,
  lane: { readonly hands: boolean; readonly courses: readonly Course[] },
): Promise<string[]> {
  const failures: string[] = [];
  await inLivingEnvironment(tools, options, async (living) => {
    const works = [
      ...(lane.hands ? [() => restoreWhatHandsChange(living)] : []),
      ...lane.courses.map((course) => () => walk(living, lived, course, true)),
    ];
    for (const work of works) {
      try {
        await work();
      } catch (error) {
        options.interrupted.throwIfAborted();
        options.say(`FAILED ${(error as Error).message}`);
        failures.push((error as Error).message);
        await begin(living);
      }
    }
  });
  return failures;
}

async function inLivingEnvironment(
  tools: Tools,
  { directory, say, interrupted }: SecondDayOptions,
  work: (living: Living) => Promise<void>,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const project = await copyProject(join(directory, "project"), tools.terraform.provider);
  const callsFile = join(directory, "calls.jsonl");
  const moto = await startMoto(callsFile);
  const cloud = connect(moto.endpoint, lived.region);
  const env = { ...tools.terraform.env, ...emulatorEnvironment(moto.endpoint, lived.region) };
  const runner = new Runner(say, interrupted);
  const living = new Living({
    project,
    directory,
    terraform: tools.terraform.command,
    env,
    cloud,
    runner,
    say,
  });
  try {
    await begin(living);
    await work(living);
    await requireChangesAllowed(living, callsFile);
  } finally {
    cloud.close();
    await moto.stop();
  }
}

/** Whoever takes a boundary from a role may do what it forbade: that is for who has set it. */
const FOR_ADMINISTRATORS = ["iam:DeleteRolePermissionsBoundary"];

/** Wants each call of a change to be allowed by what `role-policy` writes for the stack before it or after it. */
async function requireChangesAllowed({ stacks }: Living, callsFile: string): Promise<void> {
  const [deploys, plans] = rehearsedRoles(stacks);
  const roles = [deploys, plans].filter((role) => role !== undefined);
  requireAllowed(await readCalls(callsFile), roles, FOR_ADMINISTRATORS);
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
