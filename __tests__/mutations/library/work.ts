import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { REPOSITORY } from "../../support/repository.ts";
import type { Result } from "./mutant.ts";

/** What a run leaves for the next one; git ignores it. */
export const FOLDER = join(REPOSITORY, ".local", "mutation-testing");
/** Where StrykerJS copies the repository to; it goes with the run. */
export const COPIES = ".local/mutations";
const RESULTS = "results.jsonl";
/** Of a run over those that were missed: it leaves the results of the others as they are. */
const AGAIN = "missed-again.jsonl";
const PLAN = "plan.json";

/** What decides over a mutant's result, from the repository's root. */
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
  /** Where results and plan lie. */
  readonly folder: string;
}

/** Which mutants are tested, and out of how many. */
export interface Plan {
  /** StrykerJS's numbers of those that have no result yet, in the order in which they run. */
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

type Where = Pick<Run, "folder">;

export const writePlan = ({ folder }: Where, plan: Plan) =>
  writeFileSync(join(folder, PLAN), JSON.stringify(plan));
export function readPlan({ folder }: Where): Plan | undefined {
  const path = join(folder, PLAN);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Plan) : undefined;
}

export const forgetPlan = ({ folder }: Where) => rmSync(join(folder, PLAN), { force: true });

/** Results in the order in which they came; the first line says of which files. */
export class Journal {
  readonly #path: string;

  constructor({ missed, folder }: Pick<Run, "missed" | "folder">) {
    this.#path = join(folder, missed ? AGAIN : RESULTS);
  }

  /**
   * Goes on with the results that are there, if they are those of the files as they are now.
   *
   * @param inputs files and folders that decide over a mutant's result
   */
  open({ afresh }: { readonly afresh: boolean }, inputs: readonly string[] = INPUTS): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const now = digest(inputs);
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

function digest(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const input of inputs) {
    const path = resolve(REPOSITORY, input);
    const files = statSync(path).isFile() ? [path] : filesOf(path);
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
