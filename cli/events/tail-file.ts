import { type FileHandle, open, stat } from "node:fs/promises";
import { LineReader } from "./lines.ts";

const PIECE_BYTES = 262_144;

/**
 * What comes to a file, line by line. A file that is not there yet, is cut or gives way to a new one is followed all the
 * same.
 */
export class FileTail {
  readonly #path: string;
  readonly #reader = new LineReader();
  #file: FileHandle | undefined;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is there now is not told. */
  async skipToEnd(): Promise<void> {
    await this.#open();
    this.#position = await this.#endOfLastLine();
  }

  /** A line that is being written is told as a whole. */
  async #endOfLastLine(): Promise<number> {
    const file = this.#file;
    if (file === undefined) return 0;
    const { size } = await file.stat();
    const from = Math.max(0, size - PIECE_BYTES);
    const piece = new Uint8Array(size - from);
    const { bytesRead } = await file.read(piece, 0, piece.length, from);
    const newline = piece.subarray(0, bytesRead).lastIndexOf(0x0a);
    return newline === -1 ? size : from + newline + 1;
  }

  /** Whole lines that have come since the last time. @throws what the file system throws but for a file that is gone */
  async *read(): AsyncGenerator<string> {
    if (this.#file === undefined) await this.#open();
    yield* this.#rest();
    if (await this.#isAnother()) {
      yield* this.#rest(); // what came to the former one before it gave way
      await this.close();
      await this.#open();
      yield* this.#rest();
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#position = 0;
    this.#reader.reset();
    await file?.close();
  }

  async #open(): Promise<void> {
    this.#file = await open(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  }

  async *#rest(): AsyncGenerator<string> {
    const file = this.#file;
    if (file === undefined) return;
    if ((await file.stat()).size < this.#position) {
      this.#position = 0; // it was cut
      this.#reader.reset();
    }
    while ((await file.stat()).size > this.#position) {
      const piece = new Uint8Array(PIECE_BYTES);
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      yield* this.#reader.add(piece.subarray(0, bytesRead));
    }
  }

  /** Whether another file lies there now. */
  async #isAnother(): Promise<boolean> {
    const there = await stat(this.#path).catch(() => undefined);
    if (there === undefined) return false;
    return this.#file === undefined || there.ino !== (await this.#file.stat()).ino;
  }
}
