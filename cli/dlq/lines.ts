import { constants, createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { createInterface } from "node:readline";
import { UsageError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";

/** The lines of an export; `-` is stdin. @throws {UsageError} where there is no such file */
export async function linesOf(file: string): Promise<AsyncIterable<string>> {
  if (file !== "-") {
    await access(file, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
      const what = error.code === "ENOENT" ? "There is no file" : `${error.code}: cannot read`;
      throw new UsageError(`${what} ${file}.`, `${GENESYS_DLQ} dlq export FILE writes one.`);
    });
  }
  return readLines(file);
}

/** Opened when the first line is asked for: lines that come before anybody listens are lost. */
async function* readLines(file: string): AsyncGenerator<string> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
