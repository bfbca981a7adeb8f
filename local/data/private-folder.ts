import { chmod, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOCAL_RUN_FILE } from "../../contract/local-run.ts";

/** What a run keeps in its data folder. */
const OWN: ReadonlySet<string> = new Set([
  "sqs",
  "s3",
  "dynamodb",
  "logs",
  "parameters.json",
  "event-source-mappings.json",
  "lock",
  LOCAL_RUN_FILE,
]);

const OTHERS = 0o077;

/**
 * Makes a data folder, or makes one that is there its owner's alone, with whatever an earlier run has left in it:
 * customers' events and secrets lie there. What else somebody keeps there is left as it is.
 *
 * @throws {Error} where the folder is somebody else's, or is open to others and holds what is not ours to close
 */
export async function privateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(folder);
  const owner = process.getuid?.() ?? uid;
  if (uid !== owner) throw new Error(`${folder} is another user's. Choose another folder with --data.`);
  const foreign = await foreignIn(folder);
  if ((mode & OTHERS) !== 0 && foreign !== undefined) {
    throw new Error(
      `Other users may look into ${folder}, and it holds what no run has put there (${foreign}). Choose a folder of its own with --data, or close this one: chmod 700 ${folder}`,
    );
  }
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) if (isOwn(name)) await close(join(folder, name)).catch(gone);
}

/** A name in the folder that no run has put there; none in a folder that is not there. */
export async function foreignIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.find((name) => !isOwn(name));
}

function isOwn(name: string): boolean {
  return OWN.has(name) || name.endsWith(".draft");
}

async function close(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isFile()) return chmod(path, 0o600);
  if (!found.isDirectory()) return; // what a link leads to is not ours
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await close(join(path, name)).catch(gone);
}

/** A run that is still there may take its files away meanwhile. */
function gone(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
