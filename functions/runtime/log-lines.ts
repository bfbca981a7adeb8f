import type { FunctionName, FunctionSettings } from "../../contract/environment.ts";

export type LogLevel = FunctionSettings<FunctionName>["logLevel"];

/** From the least important on. */
const levels: readonly LogLevel[] = ["DEBUG", "INFO", "WARN", "ERROR"];

/** Where a line comes from: two of its fields. */
export interface LineOrigin {
  readonly service: FunctionName;
  readonly environment: string;
}

export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  /** Whatever becomes JSON; what is `undefined` is left out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line that does not say its level is INFO: so Lambda takes it, and nearly all are. */
function levelOf(level: LogLevel): { readonly level?: LogLevel } {
  return level === "INFO" ? {} : { level };
}

/**
 * Writes a function's lines, each one JSON object, to stdout, from where Lambda takes it as it is. It would put what
 * comes by `console` into a line of its own.
 */
export class LogLines {
  readonly #stdout = process.stdout; // opened now, and not while an event waits
  readonly #origin: LineOrigin;
  readonly #from: number;

  constructor(origin: LineOrigin, from: LogLevel) {
    this.#origin = origin;
    this.#from = levels.indexOf(from);
  }

  /** Whether lines of a level are written. */
  has(level: LogLevel): boolean {
    return levels.indexOf(level) >= this.#from;
  }

  /** @param more fields behind the line's own */
  write({ level, message, fields }: Line, more?: object): void {
    if (!this.has(level)) return;
    const timestamp = new Date().toISOString();
    this.#put({ ...levelOf(level), message, timestamp, ...this.#origin, ...fields, ...more });
  }

  /** A line without a message. */
  writeFields(fields: object): void {
    this.#put({ ...this.#origin, ...fields });
  }

  #put(line: object): void {
    const text = JSON.stringify(line);
    // Looking at each text takes longer than writing it, and nearly no line is as long as one text may be.
    this.#stdout.write(`${text.length > MOST_CHARACTERS ? JSON.stringify(line, bounded) : text}\n`);
  }
}

/** Of one text in a line: more than any of ours has. A line that is too long for CloudWatch Logs would be no JSON there. */
const MOST_CHARACTERS = 2_000;

function bounded(_name: string, value: unknown): unknown {
  return typeof value === "string" && value.length > MOST_CHARACTERS
    ? `${value.slice(0, MOST_CHARACTERS).toWellFormed()}…`
    : value;
}
