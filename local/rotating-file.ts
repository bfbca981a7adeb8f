import { type FileHandle, open, rename } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

export interface RotatingFileOptions {
  /** Of one file, after which another begins. @default 32 MB, some ten thousand events */
  readonly mostBytes?: number;
  /** Told once, with the system's code for why, when it cannot be written. */
  readonly onTrouble: (code: string) => void;
}

const MOST_BYTES = 32 * 1024 ** 2;
/** Former files, `name.1` the youngest: with the one that is written, all that a run ever takes of the disk. */
const FORMER = 3;

/** A file of lines that begins anew when it is full: what was written before is in `name.1`, and so on. */
export class RotatingFile {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #onTrouble: (code: string) => void;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  #file: FileHandle | undefined;
  #bytes = 0;
  #troubled = false;
  #closed = false;

  constructor(path: string, { mostBytes = MOST_BYTES, onTrouble }: RotatingFileOptions) {
    this.#path = path;
    this.#mostBytes = mostBytes;
    this.#onTrouble = onTrouble;
  }

  /** Never throws: a full disk loses lines, and no event. */
  write(line: string): void {
    this.#lines.push(`${line}\n`);
    this.#writing ??= this.#writeAll();
  }

  /** Returns when all lines are written. One that comes later is written too, and leaves nothing open. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#shut();
  }

  async #shut(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** What comes within one turn goes in one call. */
  async #writeAll(): Promise<void> {
    do {
      await setImmediate();
      const text = Buffer.from(this.#lines.splice(0).join(""));
      await this.#append(text).catch(({ code = "" }: NodeJS.ErrnoException) => {
        if (!this.#troubled) this.#onTrouble(code);
        this.#troubled = true;
      });
      if (this.#closed && this.#lines.length === 0) await this.#shut();
    } while (this.#lines.length > 0);
    this.#writing = undefined;
  }

  async #append(text: Buffer): Promise<void> {
    this.#file ??= await this.#open();
    if (this.#bytes > 0 && this.#bytes + text.length > this.#mostBytes)
      this.#file = await this.#rotate(this.#file);
    await this.#file.appendFile(text);
    this.#bytes += text.length;
  }

  async #open(): Promise<FileHandle> {
    const file = await open(this.#path, "a", 0o600);
    this.#bytes = (await file.stat()).size;
    return file;
  }

  /** The oldest is overwritten. @returns the new one */
  async #rotate(file: FileHandle): Promise<FileHandle> {
    this.#file = undefined;
    await file.close();
    for (let number = FORMER; number > 0; number--) {
      const younger = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      await rename(younger, `${this.#path}.${number}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error; // there are not so many yet
      });
    }
    return this.#open();
  }
}
