import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What one synthesis has left in a folder of its own. */
export interface Synthesis {
  /** With `stacks/` in it, as cdktf writes it. */
  readonly folder: string;
  /** Of the functions: `processor.mjs.map`. */
  readonly sourceMaps: string;
  /** What it had to say to whoever started it. */
  readonly warnings: string;
}

/** What is kept beside the files: without it, or with other files than it lists, nothing is taken. */
const NOTE = "synthesis.json";
/** Syntheses that are kept: whoever goes back and forth between two branches synthesises each once. */
const MOST_KEPT = 4;
/** What is younger than this somebody may still write, or read: a start takes seconds, on a busy machine. */
const YOUNG_MILLISECONDS = 120_000;

/** The folder that sources are told from: nothing is ever written there. */
const BUNDLED_TO = "bundle";

interface Note {
  readonly warnings: string;
  /** Every file, by its hash. */
  readonly files: Readonly<Record<string, string>>;
  /** What the functions were bundled from, packages included: somebody may look for a bug by an edit there. */
  readonly sources: Readonly<Record<string, string>>;
}

/** As it lies in `folder`; nothing where none does, not as it was written, or not of what the checkout has now. */
export async function readSynthesis(folder: string, checkout: string): Promise<Synthesis | undefined> {
  try {
    const { warnings, files, sources } = JSON.parse(await readFile(join(folder, NOTE), "utf8")) as Note;
    if (JSON.stringify(await hashesIn(folder)) !== JSON.stringify(files)) return undefined;
    if (JSON.stringify(await sourcesOf(folder, checkout)) !== JSON.stringify(sources)) return undefined;
    await utimes(folder, new Date(), new Date()); // it is of use still
    return { folder, sourceMaps: sourceMapsIn(folder), warnings };
  } catch {
    return undefined; // it is synthesised anew
  }
}

/**
 * Keeps what a synthesis has written into `folder`, under another name, all at once: nobody ever finds a half of it.
 * What another process has just kept there stays: somebody may be reading it.
 *
 * @returns what lies there now; what is in `folder`, where it could not be kept
 */
export async function keepSynthesis(
  { folder, warnings }: Synthesis,
  as: string,
  checkout: string,
): Promise<Synthesis> {
  const note: Note = {
    warnings,
    files: await hashesIn(folder),
    sources: await sourcesOf(folder, checkout),
  };
  await writeFile(join(folder, NOTE), JSON.stringify(note));
  const other = await readSynthesis(as, checkout);
  if (other !== undefined) {
    await rm(folder, { recursive: true, force: true });
    return other;
  }
  await rm(as, { recursive: true, force: true }); // what lay there was not as it had been written
  const lies = await rename(folder, as).then(
    () => as,
    () => folder,
  );
  await forgetOldest(join(as, ".."));
  return { folder: lies, sourceMaps: sourceMapsIn(lies), warnings };
}

export function sourceMapsIn(folder: string): string {
  return join(folder, "source-maps");
}

async function hashesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const hashes = files
    .map((file) => file.slice(folder.length + 1))
    .filter((file) => file !== NOTE)
    .sort()
    .map(async (file) => [file, hashOf(await readFile(join(folder, file)))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}

/** Each source that a map names, by its size and the time of its last change. */
async function sourcesOf(folder: string, checkout: string): Promise<Record<string, string>> {
  const maps = sourceMapsIn(folder);
  const named = (await readdir(maps)).map(async (name) => {
    const { sources = [] } = JSON.parse(await readFile(join(maps, name), "utf8")) as { sources?: string[] };
    return sources.filter((source) => source.startsWith("."));
  });
  const sources = [...new Set((await Promise.all(named)).flat())].sort().map(async (source) => {
    const { size, mtimeMs } = await stat(join(checkout, BUNDLED_TO, source));
    return [source, `${size} ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(sources));
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Those that were of no use for longest, and what is left of syntheses that nobody could keep. */
async function forgetOldest(folder: string): Promise<void> {
  const ages = (await readdir(folder)).map(async (name) => {
    const { mtimeMs } = await stat(join(folder, name));
    return { name, mtimeMs };
  });
  const there = (await Promise.allSettled(ages)).flatMap((age) => ("value" in age ? [age.value] : [])); // others forget, too
  const newestFirst = there.sort((one, other) => other.mtimeMs - one.mtimeMs);
  const old = newestFirst.slice(MOST_KEPT).filter(({ mtimeMs }) => mtimeMs < Date.now() - YOUNG_MILLISECONDS);
  for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true });
}
