import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { UsageError } from "../../contract/command-error.ts";
import { rawElements } from "../../contract/event/raw-json.ts";
import { samples } from "../../contract/samples/index.ts";
import { SampleRandom } from "../../contract/samples/random.ts";
import type { Source } from "../../contract/sources/index.ts";

export interface EventOptions {
  /** `-`: stdin. */
  readonly file?: string;
  readonly raw?: boolean;
  readonly count?: number;
  readonly seed?: string;
  readonly type?: string;
}

/** The events to send. */
export interface Events {
  readonly count: number;
  /** The bytes of one, by its number from 0 on. */
  readonly at: (index: number) => Buffer;
}

/** Samples of one seed begin here, so that they are the same bytes at any time. */
const SEEDED_START = Date.parse("2026-01-01T00:00:00Z");

/** @throws {UsageError} where the file cannot be read, or holds no events */
export async function eventsFor(source: Source, options: EventOptions): Promise<Events> {
  const { file, count, type } = options;
  if (file === undefined) {
    const seed = options.seed ?? randomUUID();
    const timeOf = (index: number) =>
      options.seed === undefined ? new Date() : new Date(SEEDED_START + index * 1_000);
    return {
      count: count ?? 1,
      at: (index) => {
        const event = samples[source](new SampleRandom(`${seed}/${index}`), timeOf(index), type);
        return Buffer.from(JSON.stringify(event));
      },
    };
  }
  if (type !== undefined || options.seed !== undefined) {
    throw new UsageError(
      "Events from a file are sent as they are.",
      "Leave --type and --seed out, or --file.",
    );
  }
  const bytes = await read(file);
  const events = options.raw ? [bytes] : split(bytes, file);
  return { count: count ?? events.length, at: (index) => events[index % events.length] as Buffer };
}

async function read(file: string): Promise<Buffer> {
  if (file === "-") return await buffer(process.stdin);
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The file ${file} cannot be read (${error.code}).`, "Look at --file.");
  });
}

/** JSON is one event, or as many as its list has; otherwise each line is one. Each keeps its very bytes. */
function split(bytes: Buffer, file: string): Buffer[] {
  const text = bytes.toString("utf8");
  if (isJson(text)) {
    const elements = rawElements(text);
    if (elements?.length === 0) throw new UsageError(`${file} is an empty list.`, "Look at --file.");
    return elements?.map((element) => Buffer.from(element.trim())) ?? [bytes];
  }
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const events = lines.filter(({ line }) => line.trim() !== "");
  const wrong = events.find(({ line }) => !isJson(line));
  if (events.length > 0 && wrong === undefined) return events.map(({ line }) => Buffer.from(line));
  throw new UsageError(
    wrong === undefined
      ? `${file} is empty.`
      : `${file} is no JSON, and line ${wrong.number} is none either.`,
    "Give JSON, or JSON Lines; with --raw the file is sent as one event, whatever it holds.",
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
