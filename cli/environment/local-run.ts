import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../../contract/is-alive.ts";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import { localRunsFolder } from "../project-folder.ts";

export interface FoundRun {
  readonly folder: string;
  readonly facts: LocalRunFacts;
  /** Whether its process is still there. */
  readonly alive: boolean;
}

/** The local runs that have said where they are: of one data folder, or of all environments here. */
export async function findLocalRuns(data: string | undefined): Promise<FoundRun[]> {
  const folders = data === undefined ? await dataFolders() : [data];
  const found = await Promise.all(folders.map(readRun));
  return found.filter((run) => run !== undefined);
}

async function dataFolders(): Promise<string[]> {
  const folder = localRunsFolder();
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}

async function readRun(folder: string): Promise<FoundRun | undefined> {
  const text = await readFile(join(folder, LOCAL_RUN_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const facts = JSON.parse(text) as LocalRunFacts; // written whole or not at all
  return { folder, facts, alive: isAlive(facts.pid) };
}
