import { forEachTest } from "./hooks.ts";
import { expectTelling } from "./log-lines.ts";

/** What was written to stdout and stderr while it was captured: log lines and metrics, as CloudWatch would see them. */
export interface CapturedLogs {
  /** The whole text, line for line. */
  text(): string;
  /** Every line that is JSON, parsed. */
  lines(): Record<string, unknown>[];
  /** The lines that tell what happened to an event (metrics left out). */
  logs(): Record<string, unknown>[];
  /** Sums of a metric over all EMF lines. */
  metric(name: string): number;
  clear(): void;
  stop(): void;
}

/** Those of each test. */
export function capturedLogs(): CapturedLogs {
  return forEachTest(captureLogs);
}

/**
 * Captures the process's output. Powertools writes through consoles of its own, so a spy on `console` would
 * see nothing of it.
 */
export function captureLogs(): CapturedLogs {
  let text = "";
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      const done = rest.at(-1);
      if (typeof done === "function") done();
      return true;
    }) as typeof stream.write;
  }
  const lines = () => text.split("\n").flatMap(parsed);
  return {
    text: () => text,
    lines,
    logs: () => lines().filter((line) => !("_aws" in line)),
    metric: (name) =>
      lines()
        .filter((line) => "_aws" in line && name in line)
        .flatMap((line) => line[name] as number | number[])
        .reduce((sum, value) => sum + value, 0),
    clear() {
      text = "";
    },
    stop() {
      streams.forEach((stream, index) => {
        const original = originals[index];
        if (original) stream.write = original;
      });
      expectTelling(lines().filter((line) => "level" in line && !("_aws" in line)));
    },
  };
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
