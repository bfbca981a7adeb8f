import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { plant } from "../../support/plant.ts";
import { REPOSITORY } from "../../support/repository.ts";
import { roomOf } from "../bug.ts";
import { equivalents } from "./equivalents.ts";
import { apply, identityOf, isMissed, originalOf, placeOf, type Result } from "./mutant.ts";
import { sample } from "./sample.ts";
import { Journal, type Run, readPlan, runFromEnvironment, writePlan } from "./work.ts";

/** What StrykerJS tells of a mutant; lines and columns count from 0. */
interface Given {
  readonly id: string;
  readonly fileName: string;
  readonly replacement: string;
  readonly location: Record<"start" | "end", { readonly line: number; readonly column: number }>;
  /** Where its result is settled before it has run. */
  readonly status?: string;
}

interface Numbered extends Omit<Result, "status"> {
  readonly id: string;
}

function read({ id, fileName, replacement, location: { start, end } }: Given): Numbered {
  const position = ({ line, column }: typeof start) => ({ line: line + 1, column: column + 1 });
  const file = relative(REPOSITORY, fileName);
  const mutant = { file, start: position(start), end: position(end), replacement };
  return { id, ...mutant, original: originalOf(textOf(file), mutant) };
}

const texts = new Map<string, string>();

/** As the file was when it was first asked for: it may change while the run lasts. */
function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(REPOSITORY, file), "utf8");
  texts.set(file, text);
  return text;
}

/** Chooses the mutants of this run, before any is run, and writes down what becomes of each. */
class Reporter {
  readonly #run: Run = runFromEnvironment();
  readonly #journal = new Journal(this.#run);
  readonly #open = new Map<string, Numbered>();
  readonly #say: (line: string) => void;
  #done = 0;

  constructor(say = (line: string) => void process.stdout.write(`${line}\n`)) {
    this.#say = say;
  }

  onMutationTestingPlanReady({
    mutantPlans,
  }: {
    readonly mutantPlans: readonly { readonly mutant: Given }[];
  }) {
    const mutants = withoutEquivalents(
      mutantPlans.flatMap(({ mutant }) => (mutant.status === undefined ? [read(mutant)] : [])),
    );
    const chosen = this.#choose(mutants);
    const done = new Set(this.#journal.read().map(identityOf));
    for (const mutant of chosen) if (!done.has(identityOf(mutant))) this.#open.set(mutant.id, mutant);
    const sizes = Map.groupBy(mutants, roomOf);
    writePlan(this.#run, {
      open: [...this.#open.keys()],
      chosen: chosen.map(identityOf),
      sizes: Object.fromEntries([...sizes].map(([room, of]) => [room, of.length])),
    });
  }

  onMutantTested({ id, status }: { readonly id: string; readonly status: string }) {
    const mutant = this.#open.get(id);
    if (mutant === undefined) return;
    const { id: _, ...result } = { ...mutant, status };
    this.#journal.add(result);
    this.#done++;
    this.#say(`${this.#done} of ${this.#open.size}: ${status} ${placeOf(mutant)}`);
  }

  #choose(mutants: readonly Numbered[]): readonly Numbered[] {
    const { missed, sample: perRoom, seed } = this.#run;
    if (!missed) return perRoom === undefined ? mutants : sample(mutants, perRoom, seed);
    const results = new Journal({ ...this.#run, missed: false }).read();
    const before = new Set(results.filter(isMissed).map(identityOf));
    return mutants.filter((mutant) => before.has(identityOf(mutant)));
  }
}

function withoutEquivalents(mutants: readonly Numbered[]): readonly Numbered[] {
  const same = new Set(
    equivalents.map((one) => `${one.file} ${plant(textOf(one.file), { ...one, name: one.why })}`),
  );
  const files = new Set(equivalents.map(({ file }) => file));
  return mutants.filter(
    (mutant) => !files.has(mutant.file) || !same.has(`${mutant.file} ${apply(textOf(mutant.file), mutant)}`),
  );
}

/** Lets those pass that were chosen. StrykerJS asks a checker whether a mutant compiles, and counts no other. */
class Chosen {
  #open: readonly string[] | undefined;

  async init() {}

  /** StrykerJS takes groups in order: those that were chosen come one by one, in the plan's order. */
  async group(mutants: readonly Given[]) {
    const given = new Set(mutants.map(({ id }) => id));
    const chosen = this.#chosen().filter((id) => given.delete(id));
    return [...chosen.map((id) => [id]), [...given]].filter((group) => group.length > 0);
  }

  async check(mutants: readonly Given[]) {
    const open = new Set(this.#chosen());
    return Object.fromEntries(
      mutants.map(({ id }) => [
        id,
        open.has(id) ? { status: "passed" } : { status: "compileError", reason: "not chosen" },
      ]),
    );
  }

  #chosen(): readonly string[] {
    this.#open ??= readPlan(runFromEnvironment())?.open ?? [];
    return this.#open;
  }
}

export const strykerPlugins = [
  { kind: "Reporter", name: "results", injectableClass: Reporter },
  { kind: "Checker", name: "chosen", injectableClass: Chosen },
] as const;
