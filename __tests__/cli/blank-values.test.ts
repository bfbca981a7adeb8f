import { jest } from "@jest/globals";
import type { Command, Option } from "commander";
import { createProgram } from "../../cli/program.ts";
import { readOptions } from "../../local/options.ts";
import { type DeadLetters, startDeadLetters } from "../support/dead-letters.ts";
import { runInProcess } from "../support/in-process.ts";

/** Nothing that anybody could see: an unset variable, white space of several kinds, a zero-width space. */
const BLANKS = ["", " ", "\t\n", "\u00a0\u2003", "\u200b"];
const EMPTY = /It is empty, as an unset shell variable is: give a value, or leave it out\./;
const EMPTY_MEMBER = /A member of the list is empty/;

interface Leaf {
  /** Words that lead to it. */
  readonly words: readonly string[];
  readonly command: Command;
  /** Its own, its groups' and the program's, those that take a value. */
  readonly options: readonly Option[];
}

function leavesOf(command: Command, words: readonly string[], before: readonly Option[]): Leaf[] {
  const options = [...before, ...command.options.filter(({ required, optional }) => required || optional)];
  if (command.commands.length === 0) return [{ words, command, options }];
  return command.commands.flatMap((child) => leavesOf(child, [...words, child.name()], options));
}

const leaves = leavesOf(await createProgram(), [], []);
const named = leaves.map((leaf) => [leaf.words.join(" "), leaf] as const);
const flag = ({ long, short }: Option) => long ?? short ?? "";

test("the tree has what it is known for", () => {
  expect(named.map(([name]) => name)).toEqual(
    expect.arrayContaining(["dlq purge", "dlq redrive", "dlq export", "breaker open", "secret set", "send"]),
  );
  const purge = leaves.find(({ words }) => words.join(" ") === "dlq purge");
  expect(purge?.options.map(flag)).toEqual(
    expect.arrayContaining([
      "--id",
      "--reason",
      "--type",
      "--status",
      "--since",
      "--environment",
      "--profile",
    ]),
  );
});

test.each(named)("%s: no option takes a value that says nothing", async (_, { words, command, options }) => {
  for (const option of options) {
    // Those of its groups are the same for each of their commands: that they are asked at all is what is seen here.
    for (const blank of command.options.includes(option) ? BLANKS : [""]) {
      const { code, stdout, stderr } = await runInProcess([...words, flag(option), blank]);
      expect([flag(option), blank, code, stdout]).toEqual([flag(option), blank, 2, ""]);
      expect(stderr).toMatch(EMPTY);
      expect(stderr).toContain(`option '${option.flags}'`);
    }
  }
});

test("of the program's own options, none takes any kind of blank, glued to it or not", async () => {
  const { options } = await createProgram();
  for (const option of options.filter(({ required, optional }) => required || optional)) {
    for (const given of [...BLANKS.map((blank) => [flag(option), blank]), [`${flag(option)}=`]]) {
      const { code, stderr } = await runInProcess(["dlq", "purge", ...given]);
      expect([given, code, stderr]).toEqual([given, 2, expect.stringMatching(EMPTY)]);
    }
  }
});

test.each(named.filter(([, { command }]) => command.registeredArguments.length > 0))(
  "%s: no argument may say nothing",
  async (_, { words, command }) => {
    const asked = command.options
      .filter(({ mandatory }) => mandatory)
      .flatMap((option) => [flag(option), "1"]);
    for (const [place, argument] of command.registeredArguments.entries()) {
      for (const blank of BLANKS) {
        const { code, stderr } = await runInProcess([...words, ...asked, ...Array(place).fill("x"), blank]);
        expect([argument.name(), blank, code]).toEqual([argument.name(), blank, 2]);
        expect(stderr).toMatch(EMPTY);
        expect(stderr).toContain(`'${argument.name()}'`);
      }
    }
  },
);

/** What an option makes of a text, as commander would ask it. */
function parsed({ parseArg, argChoices }: Option, members: number): unknown {
  const [choice = "4xx"] = argChoices ?? [];
  return parseArg?.(Array(members).fill(choice).join(","), undefined);
}

/** An option is a list where two members with a comma become two. */
function isList(option: Option): boolean {
  try {
    const value = parsed(option, 2);
    return Array.isArray(value) && value.length === 2;
  } catch {
    return false;
  }
}

test("a list with a member that says nothing is refused, whichever option it is", async () => {
  const found = leaves.flatMap(({ words, options }) =>
    options.filter(isList).map((option) => ({ words, option })),
  );
  expect([...new Set(found.map(({ option }) => flag(option)))].sort()).toEqual([
    "--cause",
    "--class",
    "--conversation",
    "--id",
    "--outcome",
    "--source",
    "--status",
    "--type",
  ]);
  for (const { words, option } of found) {
    const [choice = "4xx"] = option.argChoices ?? [];
    for (const value of [",", `${choice},`, `,${choice}`, `${choice}, ,${choice}`, `${choice},\u200b`]) {
      const { code, stderr } = await runInProcess([...words, flag(option), value]);
      expect([words, flag(option), value, code]).toEqual([words, flag(option), value, 2]);
      expect(stderr).toMatch(EMPTY_MEMBER);
      expect(stderr).toContain(`option '${option.flags}'`);
    }
  }
});

test.each(["--match", "--header"])("%s NAME=VALUE: neither half may say nothing", async (name) => {
  const group = name === "--match" ? "trigger" : "open-messaging";
  for (const pair of ["=", "a=", "=b", " =b", "a= "]) {
    const { code, stderr } = await runInProcess(["genesys", group, "create", name, pair]);
    expect([pair, code, stderr]).toEqual([pair, 2, expect.stringMatching(/It has to be NAME=VALUE\./)]);
  }
});

test("a variable of the environment that is set to nothing is told by its name", async () => {
  process.env["GENESYSCLOUD_REGION"] = "";
  try {
    const { code, stderr } = await runInProcess(["genesys", "webhooks", "delete", "--name", "x", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/from env 'GENESYSCLOUD_REGION' is invalid\. It is empty/);
  } finally {
    delete process.env["GENESYSCLOUD_REGION"];
  }
});

describe("with dead letters on the queue", () => {
  let deadLetters: DeadLetters;
  beforeAll(async () => {
    deadLetters = await startDeadLetters();
    await deadLetters.put("one");
    await deadLetters.put("two");
  });
  afterAll(() => deadLetters.stop());

  test.each([
    "--id=",
    "--id=x,",
    "--reason=",
    "--reason= ",
    "--type=t,",
    "--status=",
    "--since=",
    "--source=",
  ])("purge %s deletes nothing, redrive and export take nothing for all", async (filter) => {
    for (const args of [
      ["purge", "--yes", "--name", "events-dead-letters"],
      ["redrive"],
      ["redrive", "--dry-run"],
      ["export", "-"],
      ["list"],
    ]) {
      const { code, stdout } = await runInProcess(["dlq", ...args, filter, ...deadLetters.place]);
      expect([args[0], code, stdout]).toEqual([args[0], 2, ""]);
    }
    expect(deadLetters.state()).toMatchObject([
      { visible: true, receives: 0 },
      { visible: true, receives: 0 },
    ]);
    expect(deadLetters.cloud.messages("main")).toEqual([]);
  });
});

test.each([
  "--environment",
  "--data",
  "--stack",
  "--destination",
  "--port",
  "--schedule-every",
  "--alarm-period",
])("npm start: %s with nothing in it is refused", (option) => {
  const said: string[] = [];
  const exit = jest.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const write = jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  try {
    for (const blank of BLANKS) {
      expect(() => readOptions(["node", "local/main.ts", option, blank])).toThrow("exit 1");
      expect(said.join("")).toMatch(EMPTY);
      expect(said.join("")).toContain(option);
      said.length = 0;
    }
  } finally {
    exit.mockRestore();
    write.mockRestore();
  }
});
