import type { CountedLines } from "../stack/model.ts";
import type { EmittedMetric } from "./emf.ts";

/** What CloudWatch counts in a line with metric filters, one metric for each filter that its message fits. */
export function countedMetrics(
  fields: Readonly<Record<string, unknown>>,
  filters: readonly CountedLines[],
): EmittedMetric[] {
  return filters.flatMap(({ message, metric: { namespace, metric, dimensions }, unit, field }) => {
    const value = field === undefined ? 1 : fields[field];
    if (fields["message"] !== message || typeof value !== "number") return [];
    const own = Object.entries(dimensions).map(([name, of]): [string, unknown] => [name, fields[of]]);
    // CloudWatch leaves a metric without dimensions where a line lacks one of them.
    const isWhole = own.every(([, of]) => typeof of === "string");
    const found = isWhole ? (Object.fromEntries(own) as Record<string, string>) : {};
    return [{ namespace, metric, dimensions: found, unit, values: [value] }];
  });
}
