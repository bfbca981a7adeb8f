import { readFile } from "node:fs/promises";
import type { MappingModel } from "../stack/model.ts";
import { writeWhole } from "../write-file.ts";

/**
 * Which event source mappings are on. What somebody has switched stays so at the next start, where the stack
 * leaves it alone (`ignore_changes`), as a deployment would.
 */
export class MappingSwitches {
  readonly #file: string;
  readonly #switched: Map<string, boolean>;
  #saved: Promise<void> = Promise.resolve();

  private constructor(file: string, switched: Map<string, boolean>) {
    this.#file = file;
    this.#switched = switched;
  }

  static async open(file: string): Promise<MappingSwitches> {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    return new MappingSwitches(file, new Map(Object.entries(JSON.parse(text) as Record<string, boolean>)));
  }

  isEnabled({ uuid, enabled, keepsEnabled }: MappingModel): boolean {
    return keepsEnabled ? (this.#switched.get(uuid) ?? enabled) : enabled;
  }

  /** Returns when it is on disk. */
  async set({ uuid }: MappingModel, enabled: boolean): Promise<void> {
    this.#switched.set(uuid, enabled);
    const text = JSON.stringify(Object.fromEntries(this.#switched), null, 2);
    this.#saved = this.#saved.then(() => writeWhole(this.#file, text));
    await this.#saved;
  }
}
