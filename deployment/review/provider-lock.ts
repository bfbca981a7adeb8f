import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LOCK_FILE, STACK_LOCK_FILE } from "../../contract/provider-lock.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const lockFile = join(ROOT, LOCK_FILE);

/** What `.terraform.lock.hcl` of a stack says; empty where Terraform wrote none. */
export function readStackLock(folder: string): Promise<string> {
  return readFile(join(folder, STACK_LOCK_FILE), "utf8").catch(() => "");
}

/** Whether the team has committed a lock file, so that nothing but its version is used. */
export function isLocked(): Promise<boolean> {
  return readFile(lockFile).then(
    () => true,
    () => false,
  );
}

/** Keeps the versions that Terraform has chosen, for every stack from now on; one that is there stays. */
export async function keepLock(lock: string, say: (line: string) => void): Promise<void> {
  if (lock === "" || (await isLocked())) return;
  await writeFile(lockFile, lock);
  say(`${LOCK_FILE} is written: commit it, and every plan and deployment uses this version of the provider.`);
}

/** The lock file beside a report: whoever plans again with it uses the same version. */
export function lockBeside(report: string): string {
  return `${report.replace(/\.(md|json)$/, "")}.lock.hcl`;
}

/** Takes the versions of an earlier plan, where the team has committed none. */
export async function takeLockOf(report: string): Promise<void> {
  if (await isLocked()) return;
  await copyFile(lockBeside(report), lockFile).catch(() => undefined); // a report of before has none
}
