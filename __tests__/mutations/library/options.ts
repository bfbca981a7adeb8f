import { FOLDER, type Run } from "./work.ts";

export interface LibraryOptions extends Run {
  readonly help: boolean;
  /** Begins from nothing, instead of going on. */
  readonly afresh: boolean;
}

export const HELP = `npm run mutate:all -- [--sample N [--seed S]] [--room ROOM]… [--missed] [--afresh] [--help]

Has StrykerJS change each condition, operator, text and block of contract/ and functions/, one at a time, and runs the
tests that reach it. It tells the share that they notice, with an interval that holds it with a confidence of 95 %, and
each mutant that they miss.

  --sample N   N mutants of each room, chosen at random; without it all, which takes hours
  --seed S     which ones: the same number chooses the same ones (default: 1)
  --room ROOM  this one alone: contract, functions/receiver; may be given again
  --missed     those alone that the last run missed, after tests were added; tells no share
  --afresh     forgets the results so far
  --help       this

A run that was interrupted goes on where it was, as long as neither code nor tests have changed. A mutant that no test
could notice is a line in __tests__/mutations/library/equivalents.ts.

Exit codes:
  0    at least 85 % are noticed; with --missed, all
  1    fewer are
  2    it cannot be run: an unknown option or room, a test that fails without any mutant
  130  interrupted by Ctrl-C
`;

const FLAGS = ["help", "missed", "afresh"] as const;

/** @throws {Error} in words, for what is not understood. @param rooms those that there are */
export function readOptions(args: readonly string[], rooms: readonly string[]): LibraryOptions {
  const options = {
    help: false,
    missed: false,
    afresh: false,
    rooms: [] as string[],
    seed: 1,
    folder: FOLDER,
  };
  let sample: number | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    const flag = FLAGS.find((name) => word === `--${name}`);
    if (flag !== undefined) {
      options[flag] = true;
      continue;
    }
    const value = args[++at] ?? "";
    if (word === "--room" && rooms.includes(value)) options.rooms.push(value);
    else if (word === "--sample" && /^[1-9]\d*$/.test(value)) sample = Number(value);
    else if (word === "--seed" && /^\d+$/.test(value)) options.seed = Number(value);
    else if (word === "--room") throw new Error(`There is no room ${value}: there are ${rooms.join(", ")}.`);
    else
      throw new Error(
        `${word} ${value}`.trimEnd().concat(" is not understood: --help tells what can be given."),
      );
  }
  return { ...options, ...(sample === undefined ? {} : { sample }) };
}
