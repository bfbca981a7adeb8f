import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const SCRIPT = join(import.meta.dirname, "../support/simulate-once.ts");

interface Once {
  /** Of two runs in one process. */
  readonly digests: readonly [string, string];
  readonly events: number;
  /** What of real time and real chance was used, and where. */
  readonly uses: readonly string[];
}

let folder: string;
let runs: readonly [Once, Once, Once];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "determinism-"));
  runs = await Promise.all([
    simulate("one", 1, { TZ: "UTC" }),
    simulate("another", 1, { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", AWS_REGION: "us-east-1" }),
    simulate("third", 2, {}),
  ]);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function simulate(name: string, seed: number, environment: Record<string, string>): Promise<Once> {
  const home = await mkdtemp(join(folder, `${name}-`));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", SCRIPT, home, String(seed)],
    { cwd: home, env: { ...process.env, NODE_OPTIONS: "", HOME: home, ...environment } },
  );
  return JSON.parse(stdout) as Once;
}

test("one seed gives one run, byte for byte of its trace, in processes that have nothing in common", () => {
  const [one, another] = runs;
  expect(one.events).toBeGreaterThan(500);
  expect(another.digests).toEqual(one.digests);
});

test("what the first run in a process has loaded or left makes no difference to the next", () => {
  for (const { digests } of runs) expect(digests[1]).toBe(digests[0]);
});

test("another seed gives another run", () => {
  expect(runs[2].digests[0]).not.toBe(runs[0].digests[0]);
});

test("nothing of real time and real chance is used: the code takes both from where the simulation puts its own", () => {
  // The clock itself waits, between two timers, until no promise has anything left to do.
  const ofOthers = (use: string) =>
    !use.startsWith("global.setImmediate at ") || !use.includes("/simulation/clock.ts:");
  for (const { uses } of runs) expect(uses.filter(ofOthers)).toEqual([]);
});
