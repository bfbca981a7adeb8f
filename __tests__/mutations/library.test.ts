import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plant } from "../support/plant.ts";
import { REPOSITORY } from "../support/repository.ts";
import { equivalents } from "./library/equivalents.ts";
import { apply, identityOf, type Mutant, originalOf, type Result } from "./library/mutant.ts";
import { readOptions } from "./library/options.ts";
import { strykerPlugins } from "./library/plugin.ts";
import { report } from "./library/report.ts";
import { sample } from "./library/sample.ts";
import { overall, scores, wilson } from "./library/score.ts";
import { FOLDER as folder, Journal, type Run, readPlan, runFromEnvironment } from "./library/work.ts";

const ROOMS = ["contract", "functions/receiver"];

function mutant(file: string, line: number): Mutant {
  return { file, start: { line, column: 1 }, end: { line, column: 3 }, replacement: "b" };
}

const mutants = (file: string, count: number) =>
  Array.from({ length: count }, (_, at) => mutant(file, at + 1));

/** The first `noticed` of `count` were noticed. */
const results = (file: string, count: number, noticed: number): Result[] =>
  mutants(file, count).map((one, at) => ({
    ...one,
    original: "aa",
    status: at < noticed ? "Killed" : "Survived",
  }));

test("every mutant that nobody could notice stands in its file exactly once, once in the list, with a reason", () => {
  const planted = equivalents.map((one) => {
    expect(one.why).toMatch(/\S{3}/);
    return plant(readFileSync(join(REPOSITORY, one.file), "utf8"), { ...one, name: one.why });
  });
  expect(new Set(planted).size).toBe(equivalents.length);
});

test("a mutant is put where it stands, over several lines too", () => {
  const text = "one\ntwo three\nfour";
  const over = (end: Mutant["end"]) => ({ ...mutant("a", 2), start: { line: 2, column: 5 }, end });
  expect(originalOf(text, over({ line: 2, column: 10 }))).toBe("three");
  expect(apply(text, over({ line: 2, column: 10 }))).toBe("one\ntwo b\nfour");
  expect(apply(text, over({ line: 3, column: 3 }))).toBe("one\ntwo bur");
});

test("a sample has as many of each room; a seed names it, and a bigger one holds it", () => {
  const all = [...mutants("contract/a.ts", 100), ...mutants("functions/receiver/a.ts", 5)];
  const lines = (perRoom: number, seed: number) =>
    sample(all, perRoom, seed).map(({ file, start }) => `${file} ${start.line}`);
  expect(lines(10, 1)).toHaveLength(15);
  expect(lines(10, 1).filter((line) => line.startsWith("contract"))).toHaveLength(10);
  expect(lines(10, 1)).toEqual(lines(10, 1));
  expect(lines(10, 2)).not.toEqual(lines(10, 1));
  expect(lines(20, 1).slice(0, 10)).toEqual(lines(5, 1)); // the rooms in turn: an interrupted one is a smaller one
});

test("a share has Wilson's interval; where all were tested, nothing is left to chance", () => {
  const rounded = (share: number, tested: number) => wilson(share, tested).map((end) => end.toFixed(3));
  // From the table in Wallis, "Binomial confidence intervals and contingency tests" (2013).
  expect(rounded(0.5, 10)).toEqual(["0.237", "0.763"]);
  expect(rounded(1, 10)).toEqual(["0.722", "1.000"]);
  expect(rounded(0, 100)).toEqual(["0.000", "0.037"]);
  const [all] = scores(results("contract/a.ts", 10, 9), { contract: 10 });
  expect(all).toMatchObject({ name: "contract", tested: 10, noticed: 9, share: 0.9, interval: [0.9, 0.9] });
  const [some] = scores(results("contract/a.ts", 10, 9), { contract: 1_000 });
  expect(some?.interval.map((end) => end.toFixed(2))).toEqual(["0.60", "0.98"]);
});

test("a room counts by its size, and not by its share of the sample", () => {
  const rooms = scores([...results("contract/a.ts", 10, 10), ...results("functions/receiver/a.ts", 10, 5)], {
    contract: 900,
    "functions/receiver": 100,
  });
  const { share, interval, size, tested, noticed } = overall(rooms);
  expect([share.toFixed(2), size, tested, noticed]).toEqual(["0.95", 1_000, 20, 15]);
  expect(interval[0]).toBeLessThan(0.95);
  expect(interval[1]).toBeGreaterThan(0.95);
});

test("what no test reaches is missed, what ran too long is noticed, what could not run counts for nothing", () => {
  const statuses = ["NoCoverage", "Timeout", "RuntimeError", "Survived", "Killed"];
  const all = statuses.map((status, at) => ({ ...mutant("contract/a.ts", at + 1), original: "aa", status }));
  expect(scores(all, { contract: 4 })).toMatchObject([{ tested: 4, noticed: 2 }]);
});

test("the report lists what was missed and what has not run; 85 of 100 are enough, and 84 are not", () => {
  const about = (count: number, noticed: number, more: { readonly missed?: boolean } = {}) => {
    const all = results("contract/a.ts", count, noticed);
    const chosen = mutants("contract/a.ts", 100).map(
      ({ start }) => `contract/a.ts:${start.line}:1-${start.line}:3 b`,
    );
    const plan = { open: [], chosen, sizes: { contract: 100 } };
    return report(all, plan, { missed: false, ...more });
  };
  expect([about(100, 85).isEnough, about(100, 84).isEnough]).toEqual([true, false]);
  expect(about(100, 99).lines).toEqual([
    "missed: contract/a.ts:100:1 aa → b",
    "contract                99.0 %   99.0 % to 99.0 %   99 of 100 noticed, of 100 in all",
    "all                     99.0 %   99.0 % to 99.0 %   99 of 100 noticed, of 100 in all",
  ]);
  expect(about(60, 60).lines[0]).toBe("40 of 100 have not run: the same command goes on.");
  expect(about(60, 60).lines.at(-1)).toMatch(/60 of 60 noticed, of 100 in all/);
  expect(about(120, 85).lines.at(-1)).toMatch(/85 of 100 noticed/); // others' results are not this run's
  expect(about(100, 99, { missed: true })).toMatchObject({
    lines: ["missed: contract/a.ts:100:1 aa → b", "99 of 100 that were missed are noticed now."],
    isEnough: false,
  });
});

describe("a run", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mutation-testing-"));
    await writeFile(join(folder, "input"), "as it is");
  });
  afterEach(async () => {
    Reflect.deleteProperty(process.env, "MUTATION_RUN");
    await rm(folder, { recursive: true });
  });

  const file = "functions/receiver/route.ts";
  /** As StrykerJS tells of them: the first and the third are in one line, and the last is settled already. */
  const given = [0, 1, 0, 2].map((line, index) => ({
    mutant: {
      ...{ id: `${index}`, fileName: join(REPOSITORY, file), replacement: `${index}` },
      location: { start: { line, column: 0 }, end: { line, column: 4 } },
      ...(index === 3 ? { status: "Ignored" } : {}),
    },
  }));

  /** A run that ends after so many mutants, each of them with this status. @returns the numbers of those that ran */
  async function run(
    most: number,
    status: string,
    changes: Partial<Run> & { readonly afresh?: boolean } = {},
  ) {
    const options = { rooms: [], seed: 1, missed: false, folder, afresh: false, ...changes };
    process.env["MUTATION_RUN"] = JSON.stringify(options);
    const journal = new Journal(options);
    journal.open(options, [join(folder, "input")]);
    const [{ injectableClass: Reporter }, { injectableClass: Checker }] = strykerPlugins;
    const reporter = new Reporter(() => {});
    reporter.onMutationTestingPlanReady({ mutantPlans: given });
    const checker = new Checker();
    const mutants = given.map(({ mutant }) => mutant);
    const groups = await checker.group(mutants);
    expect(groups.flat().sort()).toEqual(mutants.map(({ id }) => id));
    const passed: string[] = [];
    for (const group of groups) {
      const answers = await checker.check(mutants.filter(({ id }) => group.includes(id)));
      for (const [id, { status: answer }] of Object.entries(answers))
        if (answer === "passed") passed.push(id);
    }
    expect(passed).toEqual(readPlan(options)?.open);
    for (const id of passed.slice(0, most)) reporter.onMutantTested({ id, status });
    reporter.onMutantTested({ id: "3", status: "CompileError" });
    expect(readPlan(options)?.sizes).toEqual({ "functions/receiver": 3 });
    return { ran: passed.slice(0, most), results: journal.read().map(({ replacement }) => replacement) };
  }

  test("that was interrupted goes on with those that have no result yet", async () => {
    expect(await run(1, "Killed")).toEqual({ ran: ["0"], results: ["0"] });
    expect(await run(9, "Killed")).toEqual({ ran: ["1", "2"], results: ["0", "1", "2"] });
    expect(await run(9, "Killed")).toEqual({ ran: [], results: ["0", "1", "2"] });
  });

  test.each<[string, () => Promise<void>, boolean]>([
    ["where a file has changed", () => writeFile(join(folder, "input"), "another"), false],
    ["where it is told to", async () => {}, true],
  ])("begins anew %s", async (_where, change, afresh) => {
    await run(2, "Killed");
    await change();
    expect(await run(1, "Killed", { afresh })).toEqual({ ran: ["0"], results: ["0"] });
  });

  test("over those that were missed runs no other, whatever has changed, and leaves all results as they are", async () => {
    await run(1, "Killed");
    await run(1, "Survived");
    await run(1, "NoCoverage");
    await writeFile(join(folder, "input"), "with a test more");
    expect(await run(9, "Killed", { missed: true })).toEqual({ ran: ["1", "2"], results: ["1", "2"] });
    expect(new Journal({ missed: false, folder }).read()).toHaveLength(3);
  });

  test("of a sample runs that, and knows how many there are", async () => {
    expect((await run(9, "Killed", { sample: 2 })).ran).toHaveLength(2);
  });

  test("that nobody has started is an error", () => {
    expect(runFromEnvironment).toThrow("StrykerJS is started by npm run mutate:all.");
  });
});

test("of an interrupted run counts what ran in its turn, room by room, and all that was missed is listed", () => {
  const all = [...results("contract/a.ts", 9, 8), ...results("functions/receiver/a.ts", 9, 9)];
  const plan = { open: [], chosen: all.map(identityOf), sizes: { contract: 9, "functions/receiver": 9 } };
  const { lines } = report(
    all.filter(({ file, start }) => file.startsWith("functions") || ![4, 5].includes(start.line)),
    plan,
    { missed: false },
  );
  expect(lines[0]).toBe("missed: contract/a.ts:9:1 aa → b");
  expect(lines.slice(-3).map((line) => /\d+ of \d+ noticed/.exec(line)?.[0])).toEqual([
    "3 of 3 noticed",
    "9 of 9 noticed",
    "12 of 12 noticed",
  ]);
});

test("options are understood, or an error says what is not", () => {
  expect(readOptions([], ROOMS)).toEqual({
    help: false,
    missed: false,
    afresh: false,
    rooms: [],
    seed: 1,
    folder,
  });
  expect(
    readOptions(["--sample", "9", "--room", "contract", "--seed", "0", "--missed", "--afresh"], ROOMS),
  ).toEqual({ help: false, missed: true, afresh: true, rooms: ["contract"], seed: 0, sample: 9, folder });
  expect(() => readOptions(["--room", "cli"], ROOMS)).toThrow(
    "no room cli: there are contract, functions/rec",
  );
  for (const args of [["--sample"], ["--sample", "0"], ["--seed", "x"], ["--fast"]]) {
    expect(() => readOptions(args, ROOMS)).toThrow("is not understood");
  }
});
