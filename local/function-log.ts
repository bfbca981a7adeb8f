import { join } from "node:path";
import { logMessages } from "../contract/log-messages.ts";
import { countedMetrics } from "./alarms/counted-lines.ts";
import { type EmittedMetric, emittedMetrics } from "./alarms/emf.ts";
import { RotatingFile } from "./rotating-file.ts";
import type { FunctionRunEvent } from "./run-events.ts";
import type { CountedLines } from "./stack/model.ts";

const whatByPhrase = new Map(
  Object.entries(logMessages).map(([what, phrase]): [string, keyof typeof logMessages] => [
    phrase,
    what as keyof typeof logMessages,
  ]),
);

export interface LogListeners {
  /** Whether the function's role lets its runtime write to the log group; what it may not write is nowhere. */
  readonly mayWrite: () => boolean;
  readonly onEvent: (runEvent: FunctionRunEvent) => void;
  /** Told when the file cannot be written, with the system's code for why. */
  readonly onTrouble: (file: string, code: string) => void;
  readonly onMetric: (metric: EmittedMetric) => void;
  /** What CloudWatch counts in its lines, beside the metrics that stand in them. */
  readonly countedLines: readonly CountedLines[];
}

/** A function's log: every line as it was written, in a file and its former ones, and those that tell of an event, understood. */
export class FunctionLog {
  readonly file: string;
  readonly #lines: RotatingFile;
  readonly #functionName: string;
  readonly #listeners: LogListeners;

  constructor(folder: string, functionName: string, listeners: LogListeners) {
    this.file = join(folder, `${functionName}.jsonl`);
    this.#lines = new RotatingFile(this.file, { onTrouble: (code) => listeners.onTrouble(this.file, code) });
    this.#functionName = functionName;
    this.#listeners = listeners;
  }

  readonly line = (line: string): void => {
    if (!this.#listeners.mayWrite()) return;
    this.#lines.write(line);
    const { onEvent, onMetric, countedLines } = this.#listeners;
    const fields = parsed(line);
    if (fields !== undefined) {
      const runEvent = this.#understand(fields);
      if (runEvent) onEvent(runEvent);
      for (const metric of countedMetrics(fields, countedLines)) onMetric(metric);
    }
    for (const metric of emittedMetrics(line)) onMetric(metric);
  };

  close(): Promise<void> {
    return this.#lines.close();
  }

  #understand(fields: Readonly<Record<string, unknown>>): FunctionRunEvent | undefined {
    const { message, event_id: eventId } = fields;
    const what = typeof message === "string" ? whatByPhrase.get(message) : undefined;
    if (what === undefined) return undefined;
    return {
      kind: "event",
      what,
      functionName: this.#functionName,
      eventId: typeof eventId === "string" ? eventId : undefined,
      fields,
    };
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined; // a line of somebody else's
  }
}
