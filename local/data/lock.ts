import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../../contract/is-alive.ts";

/**
 * Keeps a second run out of a data folder. A lock whose process is gone is taken over.
 *
 * @returns what gives the folder free again
 * @throws {Error} naming the process that holds it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock");
  for (;;) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await holderOf(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `Another run (process ${holder}) uses ${folder}. Stop it, or choose another folder with --data.`,
      );
    }
    await rm(path, { force: true });
  }
}

async function holderOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}
