import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { plant } from "../support/plant.ts";
import { REPOSITORY } from "../support/repository.ts";
import { type Bug, roomOf } from "./bug.ts";
import { bugs } from "./bugs/index.ts";
import { chosen, readOptions } from "./options.ts";
import { isEnough, type Outcome, report } from "./score.ts";

const textOf = (file: string) => readFile(join(REPOSITORY, file), "utf8");

test("every bug can be planted: its pattern stands in its file exactly once, and its tests are there", async () => {
  const gone: string[] = [];
  for (const bug of bugs) {
    try {
      expect(plant(await textOf(bug.file), bug)).not.toBe(await textOf(bug.file));
      for (const file of bug.tests) await access(join(REPOSITORY, file));
    } catch (error) {
      gone.push((error as Error).message);
    }
  }
  expect(gone).toEqual([]);
});

test("each has a name of its own, and tests; there are eighty and more, in every room", () => {
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
  expect(bugs.filter(({ tests }) => tests.length === 0)).toEqual([]);
  expect(bugs.length).toBeGreaterThanOrEqual(80);
  const rooms = new Set(bugs.map((bug) => roomOf(bug).split("/")[0]));
  expect([...rooms].sort()).toEqual([
    "cli",
    "console",
    "contract",
    "deployment",
    "functions",
    "infra",
    "local",
  ]);
});

const bug: Bug = { name: "x", file: "functions/recovery/a.ts", pattern: "a", replacement: "b", tests: ["t"] };

test.each(["", "b", "aa", "a a"])(
  "a pattern that does not stand in %j exactly once is an error by name",
  (text) => {
    expect(() => plant(text, bug)).toThrow(/^x: its pattern stands \d times in functions\/recovery\/a\.ts/);
  },
);

test("a bug is chosen by its name, its room or the rooms around that; a word that is neither is an error", () => {
  const other = { ...bug, name: "y", file: "cli/a.ts" };
  const names = (...only: string[]) => chosen([bug, other], only).map(({ name }) => name);
  expect([names(), names("y"), names("functions"), names("functions/recovery"), names("cli", "x")]).toEqual([
    ["x", "y"],
    ["y"],
    ["x"],
    ["x"],
    ["x", "y"],
  ]);
  expect(() => names("func")).toThrow("neither a bug nor a room func");
  expect(readOptions(["--only", "a", "--jobs", "1", "--only", "b"])).toMatchObject({
    only: ["a", "b"],
    jobs: 1,
  });
  for (const args of [["--only"], ["--jobs", "3"], ["--fast"]]) {
    expect(() => readOptions(args)).toThrow("is not understood");
  }
});

test("95 of 100 are enough, and 94 are not; those that nobody noticed are named", () => {
  const outcomes = (noticed: number): Outcome[] =>
    Array.from({ length: 100 }, (_, number) => ({
      bug: { ...bug, name: `bug-${number}` },
      noticed: number < noticed,
    }));
  expect([isEnough(outcomes(95)), isEnough(outcomes(94)), isEnough([])]).toEqual([true, false, true]);
  expect(report(outcomes(98), [{ ...bug, equivalent: "nobody can see it" }])).toEqual([
    "functions/recovery       98 of 100 noticed, 98.0 %",
    "all                      98 of 100 noticed, 98.0 %",
    "not noticed: bug-98, in functions/recovery/a.ts: t",
    "not noticed: bug-99, in functions/recovery/a.ts: t",
    "not planted: x: nobody can see it",
  ]);
});
