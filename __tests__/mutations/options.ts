import { type Bug, roomOf } from "./bug.ts";

export interface MutateOptions {
  readonly list: boolean;
  readonly help: boolean;
  /** Names and rooms; all where there are none. */
  readonly only: readonly string[];
  /** Bugs under way at a time. */
  readonly jobs: number;
}

export const HELP = `npm run mutate -- [--only NAME|ROOM]… [--jobs 1|2] [--list] [--help]

Plants realistic bugs, one at a time, in a copy of this repository, and runs the tests that ought to notice each.

  --only NAME|ROOM  these alone: a bug by its name, a room such as cli or functions/recovery; may be given again
  --jobs N          bugs under way at a time, 1 or 2 (default: 2)
  --list            the bugs, without planting any
  --help            this

A new bug is a line in __tests__/mutations/bugs/. Ctrl-C leaves nothing behind.

Exit codes:
  0    at least 95 % were noticed
  1    fewer were
  2    it cannot be run: an unknown name, a pattern that is gone, a test that fails without any bug
  130  interrupted by Ctrl-C
`;

/** @throws {Error} in words, for what is not understood */
export function readOptions(args: readonly string[]): MutateOptions {
  const options = { list: false, help: false, only: [] as string[], jobs: 2 };
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === "--list" || word === "--help") {
      options[word.slice(2) as "list" | "help"] = true;
      continue;
    }
    const value = args[++at];
    if (word === "--only" && value) options.only.push(value);
    else if (word === "--jobs" && (value === "1" || value === "2")) options.jobs = Number(value);
    else throw new Error(`${word} ${value ?? ""} is not understood: --help tells what can be given.`);
  }
  return options;
}

/** @throws {Error} for what is the name of no bug, and of no room */
export function chosen(bugs: readonly Bug[], only: readonly string[]): readonly Bug[] {
  const isNamed = (bug: Bug, word: string) =>
    bug.name === word || roomOf(bug) === word || roomOf(bug).startsWith(`${word}/`);
  const unknown = only.find((word) => !bugs.some((bug) => isNamed(bug, word)));
  if (unknown !== undefined)
    throw new Error(`There is neither a bug nor a room ${unknown}: --list has them.`);
  return only.length === 0 ? bugs : bugs.filter((bug) => only.some((word) => isNamed(bug, word)));
}
