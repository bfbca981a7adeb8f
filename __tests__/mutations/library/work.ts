import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../support/repository.ts";
import type { Result } from "./mutant.ts";

/** What a run leaves for the next one; git ignores it. */
const FOLDER = join(REPOSITORY, ".local", "mutation-testing");
const RESULTS = join(FOLDER, "results.jsonl");
/** Of a run over those that were missed: it leaves the results of the others as they are. */
const AGAIN = join(FOLDER, "missed-again.jsonl");
const PLAN = join(FOLDER, "plan.json");

/** What decides over a mutant's result. */
const INPUTS = ["contract", "functions", "infra", "cli", "__tests__", "package-lock.json"];

/** What the plugin is told; it runs in StrykerJS's processes. */
export interface Run {
  /** Rooms, all where there are none. */
  readonly rooms: readonly string[];
  /** Mutants of each room; all where it is undefined. */
  readonly sample?: number | undefined;
  readonly seed: number;
  /** Those alone that the last run over these mutants missed. */
  readonly missed: boolean;
}

/** Which mutants are tested, and out of how many. */
export interface Plan {
  /** StrykerJS's numbers of those that have no result yet. */
  readonly open: readonly string[];
  /** Identities of all that this run is about. */
  readonly chosen: readonly string[];
  readonly sizes: Readonly<Record<string, number>>;
}

const VARIABLE = "MUTATION_RUN";

/** @throws {Error} outside of `npm run mutate:all` */
export function runFromEnvironment(): Run {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error("StrykerJS is started by npm run mutate:all.");
  return JSON.parse(text) as Run;
}

export const environmentFor = (run: Run) => ({ ...process.env, [VARIABLE]: JSON.stringify(run) });

export const writePlan = (plan: Plan) => writeFileSync(PLAN, JSON.stringify(plan));
export const readPlan = (): Plan | undefined =>
  existsSync(PLAN) ? (JSON.parse(readFileSync(PLAN, "utf8")) as Plan) : undefined;
export const forgetPlan = () => rmSync(PLAN, { force: true });

/** Results in the order in which they came; the first line says of which files. */
export class Journal {
  readonly #path: string;

  constructor({ missed }: Pick<Run, "missed">) {
    this.#path = missed ? AGAIN : RESULTS;
  }

  /** Goes on with the results that are there, if they are those of the files as they are now. */
  open({ afresh }: { readonly afresh: boolean }): void {
    mkdirSync(FOLDER, { recursive: true });
    const now = digest();
    const isCurrent = existsSync(this.#path) && readFileSync(this.#path, "utf8").split("\n", 1)[0] === now;
    if (afresh || !isCurrent) writeFileSync(this.#path, `${now}\n`);
  }

  read(): readonly Result[] {
    if (!existsSync(this.#path)) return [];
    const [, ...lines] = readFileSync(this.#path, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Result);
  }

  add(result: Result): void {
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }
}

function digest(): string {
  const hash = createHash("sha256");
  for (const input of INPUTS) {
    const path = join(REPOSITORY, input);
    const files = input.includes(".") ? [path] : filesOf(path);
    for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
