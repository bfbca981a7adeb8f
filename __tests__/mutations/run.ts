import { plant } from "../support/plant.ts";
import { type Bug, roomOf } from "./bug.ts";
import { bugs } from "./bugs/index.ts";
import { Copy } from "./copy.ts";
import { chosen, HELP, readOptions } from "./options.ts";
import { isEnough, type Outcome, report } from "./score.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130)); // "exit" tidies up
process.stdout.on("error", () => process.exit(2)); // nobody reads any more, as after `| head`

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const named = chosen(bugs, options.only);
  if (options.list) {
    for (const bug of named) print(`${roomOf(bug).padEnd(24)} ${bug.name}`);
    return 0;
  }
  const wanted = named.filter(({ equivalent }) => equivalent === undefined);
  const copies = await Promise.all(Array.from({ length: options.jobs }, () => Copy.make()));
  await checkPatterns(wanted, copies);
  await checkTests(wanted, copies);
  const outcomes = await plantAll(wanted, copies);
  for (const line of report(
    outcomes,
    named.filter(({ equivalent }) => equivalent !== undefined),
  ))
    print(line);
  return isEnough(outcomes) ? 0 : 1;
}

/** @throws {Error} by name, where a bug can no longer be planted */
async function checkPatterns(wanted: readonly Bug[], [copy]: readonly Copy[]): Promise<void> {
  for (const bug of wanted) plant((await copy?.read(bug.file)) ?? "", bug);
}

/** A test that fails by itself would notice everything. @throws {Error} with what it says */
async function checkTests(wanted: readonly Bug[], copies: readonly Copy[]): Promise<void> {
  const files = [...new Set(wanted.flatMap(({ tests }) => tests))];
  await shareOut(files, copies, async (copy, file, number) => {
    const { passed, said } = await copy.test([file]);
    if (!passed) throw new Error(`${file} fails without any bug:\n${said}`);
    print(`without a bug ${number} of ${files.length}: ${file} passes`);
  });
}

async function plantAll(wanted: readonly Bug[], copies: readonly Copy[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  await shareOut(wanted, copies, async (copy, bug, number) => {
    const text = await copy.read(bug.file);
    await copy.write(bug.file, plant(text, bug));
    const { passed } = await copy.test(bug.tests);
    await copy.write(bug.file, text);
    outcomes.push({ bug, noticed: !passed });
    print(`${number} of ${wanted.length}: ${bug.name} ${passed ? "NOT NOTICED" : "noticed"}`);
  });
  return outcomes;
}

/** Each copy takes the next piece of work when it is done with its last. */
async function shareOut<T>(
  all: readonly T[],
  copies: readonly Copy[],
  work: (copy: Copy, one: T, number: number) => Promise<void>,
): Promise<void> {
  const left = [...all.entries()];
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        await work(copy, next[1], next[0] + 1);
      }
    }),
  );
}
