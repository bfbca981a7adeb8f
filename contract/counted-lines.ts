import type { FunctionName } from "./environment.ts";
import { BATCH_PROCESSED, logMessages } from "./log-messages.ts";
import { type MetricUnit, metrics } from "./metrics.ts";

/** A metric that is counted in lines. */
export interface CountedMetric {
  readonly metric: string;
  readonly unit: MetricUnit;
  /** The line's field that holds its value. @default each line counts one */
  readonly field?: string;
}

type CountedMessages = Readonly<Record<string, readonly CountedMetric[]>>;

const { receiver, processor } = metrics;

/**
 * What CloudWatch itself counts in a function's lines, by their message, with a metric filter: in a line that is written
 * for every event or every batch, the declaration of embedded metrics would take more bytes than everything else.
 * A line without the field counts nothing. docs/decisions/0020-write-log-lines-ourselves.md
 */
export const countedLines = {
  receiver: {
    [logMessages.accepted]: [
      { metric: receiver.accepted, unit: "Count" },
      { metric: receiver.timeToDurable, unit: "Milliseconds", field: "duration_ms" },
    ],
  },
  processor: {
    [BATCH_PROCESSED]: [
      { metric: processor.delivered, unit: "Count", field: processor.delivered },
      { metric: processor.oldestDelivered, unit: "Milliseconds", field: processor.oldestDelivered },
    ],
  },
} as const satisfies Partial<Record<FunctionName, CountedMessages>>;

const byMessage: CountedMessages = { ...countedLines.receiver, ...countedLines.processor };

/** What CloudWatch counts in a line. */
export function countedIn(
  message: string,
  fields: Readonly<Record<string, unknown>>,
): (Pick<CountedMetric, "metric" | "unit"> & { readonly value: number })[] {
  const counted = Object.hasOwn(byMessage, message) ? byMessage[message] : undefined;
  return (counted ?? []).flatMap(({ metric, unit, field }) => {
    const value = field === undefined ? 1 : fields[field];
    return typeof value === "number" ? [{ metric, unit, value }] : [];
  });
}
