import { createHash, type Hash } from "node:crypto";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { asksOutside } from "./asks-outside.ts";

/** The rooms that a synthesis is made of: every file of them, read or not, added ones included. */
const ROOMS = ["contract", "functions", "infra"];
/** What else it reads; npm's note of what is installed stands for all packages. */
const INSTALLED = "node_modules/.package-lock.json";
const FILES = ["main.ts", "package.json", "package-lock.json", "cdktf.json", "tsconfig.json", INSTALLED];
/** Variables that only say where a shell is. */
const SHELL = new Set(["_", "OLDPWD", "SHLVL"]);

/**
 * Everything that a synthesis of a checkout depends on, as one digest: equal digests, equal stacks.
 *
 * @param environment the variables that the synthesis would get; all of them count
 * @returns nothing where something may have a say that no digest can hold: a file somewhere else, a linked package,
 *   the time
 */
export async function digestInputs(
  checkout: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<string | undefined> {
  const hash = createHash("sha256");
  const add = (...parts: readonly (string | Buffer)[]) => {
    for (const part of parts) addTo(hash, part);
  };
  add(process.version, process.platform, process.arch, process.execPath);
  add(checkout, await realpath(join(checkout, "node_modules")));
  for (const name of Object.keys(environment).sort())
    if (!SHELL.has(name)) add(name, environment[name] ?? "");
  const files = await filesOf(checkout);
  if (files === undefined) return undefined;
  for (const file of files) {
    const bytes = await readFile(join(checkout, file)).catch(unlessMissing);
    if (bytes === undefined && file === INSTALLED) return undefined; // packages that npm has not installed
    if (bytes !== undefined && asksOutside(file, bytes.toString())) return undefined;
    add(file, bytes === undefined ? "missing" : "there", bytes ?? "");
  }
  return hash.digest("hex");
}

/** In one order. Nothing where one is no file of its own: what a link leads to may change unseen. */
async function filesOf(checkout: string): Promise<string[] | undefined> {
  const files = [...FILES];
  for (const room of ROOMS) {
    const entries = await readdir(join(checkout, room), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory()) continue;
      if (!entry.isFile()) return undefined;
      files.push(join(entry.parentPath, entry.name).slice(checkout.length + 1));
    }
  }
  return files.sort();
}

/** Each part with its length before it: no two lists of parts are the same bytes. */
function addTo(hash: Hash, part: string | Buffer): void {
  hash.update(`${Buffer.byteLength(part)}:`).update(part);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
