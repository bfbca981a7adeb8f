import { countedIn } from "../../contract/counted-lines.ts";
import { BATCH_PROCESSED } from "../../contract/log-messages.ts";
import { forEachTest } from "./hooks.ts";
import { expectTelling } from "./log-lines.ts";

/** What was written to stdout and stderr while it was captured: log lines and metrics, as CloudWatch would see them. */
export interface CapturedLogs {
  /** The whole text, line for line. */
  text(): string;
  /** Every line that is JSON, parsed. */
  lines(): Record<string, unknown>[];
  /**
   * The lines that tell what happened to an event, without the metrics that stand in them, a batch's left out; one that
   * does not say its level has Lambda's.
   */
  logs(): Record<string, unknown>[];
  /** Sums of a metric over all lines, as CloudWatch finds it in them. */
  metric(name: string): number;
  clear(): void;
  stop(): void;
}

/** Those of each test. */
export function capturedLogs(): CapturedLogs {
  return forEachTest(captureLogs);
}

/**
 * Captures the process's output: functions write to it, and not by `console`.
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
    logs: () =>
      lines()
        .filter(({ message, _aws }) => message !== BATCH_PROCESSED && (message ?? !_aws))
        .map((line) => ({ level: "INFO", ...withoutMetrics(line) })),
    metric: (name) =>
      lines()
        .flatMap((line) => [
          ...(embeddedIn(line).includes(name) ? [line[name] as number | number[]] : []).flat(),
          ...countedIn(String(line["message"]), line).flatMap(({ metric, value }) =>
            metric === name ? [value] : [],
          ),
        ])
        .reduce((sum, value) => sum + value, 0),
    clear() {
      text = "";
    },
    stop() {
      streams.forEach((stream, index) => {
        const original = originals[index];
        if (original) stream.write = original;
      });
      expectTelling(lines().filter((line) => "message" in line));
    },
  };
}

function withoutMetrics(line: Record<string, unknown>): Record<string, unknown> {
  const names = ["_aws", ...embeddedIn(line)];
  return Object.fromEntries(Object.entries(line).filter(([name]) => !names.includes(name)));
}

/** Names of the metrics that stand in a line by its own declaration. */
function embeddedIn({ _aws }: Record<string, unknown>): string[] {
  const { CloudWatchMetrics: [{ Metrics = [] } = {}] = [] } = (_aws ?? {}) as {
    readonly CloudWatchMetrics?: readonly { readonly Metrics?: readonly { readonly Name: string }[] }[];
  };
  return Metrics.map(({ Name }) => Name);
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
