import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LOCK_FILE, STACK_LOCK_FILE } from "../contract/provider-lock.ts";
import { isAtLeast } from "../contract/versions.ts";

const VERSION = /^\s*version\s*=\s*"([^"]+)"/m;
const CONSTRAINTS = /^(\s*constraints\s*=\s*)"[^"]*"/m;
const RANGE = /^>= ([\d.]+), < ([\d.]+)$/;

/** The team's lock file, or `undefined` where there is none yet. */
export function readLock(root: string): Promise<string | undefined> {
  return readFile(join(root, LOCK_FILE), "utf8").catch(() => undefined);
}

/** What is wrong with a lock file whose version is outside of a stack's range, `>= 6.21.0, < 7.0.0`. */
export function lockFinding(lock: string, range: string): string | undefined {
  const [, version = "unknown"] = VERSION.exec(lock) ?? [];
  const [, oldest = "", before = ""] = RANGE.exec(range) ?? [];
  if (isAtLeast(version, oldest) && !isAtLeast(version, before)) return undefined;
  return `${LOCK_FILE} says AWS provider ${version}, and the settings need ${range}: delete that file, plan again, and commit the new one`;
}

/**
 * Writes the team's lock file into a stack's folder, so that whatever plans or deploys it uses that version.
 *
 * @param range the stack's own: Terraform takes a lock file for changed that tells another one
 */
export function lockStack(lock: string, folder: string, range: string): Promise<void> {
  return writeFile(join(folder, STACK_LOCK_FILE), lock.replace(CONSTRAINTS, `$1"${range}"`));
}
