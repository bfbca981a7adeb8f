import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type FunctionName, functionNames } from "../../contract/environment.ts";
import type { StackOutputs } from "../../contract/outputs.ts";
import { pause } from "../pause.ts";
import { functionOutput } from "./function-output.ts";
import { mayBeWanted } from "./is-wanted-line.ts";
import { LineReader } from "./lines.ts";
import type { LineFilter, LogLine, LogSource, TimeRange } from "./log-source.ts";
import { FileTail } from "./tail-file.ts";

/** How often a file is asked whether there is more. */
const LOOK_EVERY_MILLISECONDS = 100;

/** The logs of a local run: a file a function, `<function's name>.jsonl`, and whatever it was rotated to. */
export class LocalLogs implements LogSource {
  readonly about: string;
  readonly cost = undefined;
  readonly #folder: string;
  readonly #outputs: StackOutputs;

  constructor(folder: string, outputs: StackOutputs) {
    this.#folder = folder;
    this.#outputs = outputs;
    this.about = `It looks into the local run's logs (${folder}), which costs nothing and is late by nothing.`;
  }

  keptSince(): Promise<number> {
    return Promise.resolve(0);
  }

  async *query(range: TimeRange, filter: LineFilter, signal: AbortSignal): AsyncGenerator<LogLine> {
    for (const name of functionNames) {
      for (const path of await this.#files(name)) {
        for await (const line of linesOf(path, signal))
          if (mayBeWanted(line, filter, range)) yield { function: name, text: line };
      }
    }
  }

  async *follow(filter: LineFilter, signal: AbortSignal, onBegun?: () => void): AsyncGenerator<LogLine> {
    const tails = functionNames.map((name) => ({ name, tail: new FileTail(this.#file(name)) }));
    try {
      for (const { tail } of tails) await tail.skipToEnd();
      onBegun?.();
      while (!signal.aborted) {
        for (const { name, tail } of tails) {
          for await (const line of tail.read()) {
            if (signal.aborted) return;
            if (mayBeWanted(line, filter)) yield { function: name, text: line };
          }
        }
        await pause(LOOK_EVERY_MILLISECONDS, signal);
      }
    } finally {
      for (const { tail } of tails) await tail.close();
    }
  }

  #file(name: FunctionName): string {
    return join(this.#folder, `${this.#outputs[functionOutput[name]]}.jsonl`);
  }

  async #files(name: FunctionName): Promise<string[]> {
    const file = `${this.#outputs[functionOutput[name]]}.jsonl`;
    const names = await readdir(this.#folder).catch(() => []);
    const own = names.filter((each) => each === file || /^\.\d+$/.test(each.slice(file.length)));
    return own.filter((each) => each.startsWith(file)).map((each) => join(this.#folder, each));
  }
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const reader = new LineReader();
  try {
    for await (const piece of createReadStream(path, { signal })) yield* reader.add(piece as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error; // it was rotated away meanwhile
  }
}
