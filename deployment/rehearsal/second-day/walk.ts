import type { EnvironmentInput } from "../../../infra/settings.ts";
import { requireEqual } from "../require.ts";
import { type Course, changed, type Ending, type Step } from "./course.ts";
import { requireKeyOrder } from "./key-order.ts";
import type { Living } from "./living.ts";

/**
 * Takes a living environment along a course.
 *
 * @param andBack whether to take it back to where it was
 * @throws {Error} at the first step that does not end as it has to
 */
export async function walk(
  living: Living,
  from: EnvironmentInput,
  course: Course,
  andBack: boolean,
): Promise<void> {
  let settings = from;
  for (const step of course.steps) {
    const wanted = changed(settings, step.set);
    const name = `${course.title}: ${JSON.stringify(step.set)}`;
    await named(living, name, () => change(living, wanted, step));
    if (step.ends.kind === "stopped") {
      await named(living, `${name}, not applied`, async () => {
        await living.synthesise(settings);
        await living.requireEmptyPlan("plan of what is deployed");
      });
    } else settings = wanted;
  }
  if (andBack && settings !== from)
    await named(living, `${course.title}: back`, () => change(living, from, { ends: course.back }));
}

async function change(
  living: Living,
  wanted: EnvironmentInput,
  { ends, person }: Pick<Step, "ends" | "person">,
): Promise<void> {
  const reason = await living.synthesise(wanted).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const review = reason === undefined ? await living.review() : { code: 1, text: reason };
  requireEnding(ends, review);
  if (ends.kind === "stopped") return;
  requireKeyOrder(await living.apply(false), wanted.encryptionKeyArn);
  await living.requireEmptyPlan("plan again");
  const stores = await living.stores();
  await living.contents.requireIntact(stores);
  living.contents.forget(stores);
  await living.contents.setNewSecrets(stores);
  if (person === "rekeys secrets") await rekey(living);
}

/** The secrets' key lags behind the environment's until a person says so; doctor tells of it. */
async function rekey(living: Living): Promise<void> {
  const lagging = async () => {
    const { stdout } = await living.operate(["doctor"], [0, 1, 3]);
    const { findings } = JSON.parse(stdout) as { findings: { check: string; state: string }[] };
    return findings.some(({ check, state }) => check === "key of the secrets" && state === "warning");
  };
  const before = await lagging();
  await living.operate(["secret", "rekey"], [0]);
  requireEqual("genesys-dlq doctor, on the secrets' key", {
    "before secret rekey": ["lags", before ? "lags" : "is the environment's"],
    "after it": ["is the environment's", (await lagging()) ? "lags" : "is the environment's"],
  });
  await living.requireEmptyPlan("plan after secret rekey");
  await living.contents.requireIntact(await living.stores());
}

const EXIT_CODES: Readonly<Record<Ending["kind"], readonly number[]>> = {
  applied: [0],
  asked: [3],
  stopped: [1, 2, 3],
};

function requireEnding(ends: Ending, { code, text }: { readonly code: number; readonly text: string }): void {
  const codes = EXIT_CODES[ends.kind];
  const says = ends.kind === "applied" ? true : ends.says.test(text);
  if (codes.includes(code) && says) return;
  const wanted = `exit code ${codes.join(" or ")}${ends.kind === "applied" ? "" : `, and ${ends.says}`}`;
  throw new Error(`the review ended with ${code}, expected ${wanted}:\n${text.slice(0, 3_000)}`);
}

/** Says of which change it is, in an error too. */
async function named(living: Living, name: string, work: () => Promise<void>): Promise<void> {
  living.say(`== ${name}`);
  try {
    await work();
  } catch (error) {
    throw new Error(`${name}\n${(error as Error).message}`, { cause: error });
  }
}
