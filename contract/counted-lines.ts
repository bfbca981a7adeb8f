import { logMessages } from "./log-messages.ts";
import { type MetricUnit, metrics } from "./metrics.ts";

/** A metric that is counted in lines. */
export interface CountedMetric {
  readonly metric: string;
  readonly unit: MetricUnit;
  /** The line's field that holds its value. @default each line counts one */
  readonly field?: string;
}

/**
 * What CloudWatch itself counts in a function's lines, by their message, with a metric filter: in a line that is written
 * for every event, the declaration of embedded metrics would take more bytes than everything else.
 * docs/decisions/0020-write-log-lines-ourselves.md
 */
export const countedLines: Readonly<Record<string, readonly CountedMetric[]>> = {
  [logMessages.accepted]: [
    { metric: metrics.receiver.accepted, unit: "Count" },
    { metric: metrics.receiver.timeToDurable, unit: "Milliseconds", field: "duration_ms" },
  ],
};

/** What CloudWatch counts in a line. */
export function countedIn(
  message: string,
  fields: Readonly<Record<string, unknown>>,
): (Pick<CountedMetric, "metric" | "unit"> & { readonly value: number })[] {
  const counted = Object.hasOwn(countedLines, message) ? countedLines[message] : undefined;
  return (counted ?? []).flatMap(({ metric, unit, field }) => {
    const value = field === undefined ? 1 : fields[field];
    return typeof value === "number" ? [{ metric, unit, value }] : [];
  });
}
