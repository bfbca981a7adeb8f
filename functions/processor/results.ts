import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { SQSRecord } from "aws-lambda";
import { metrics as names } from "../../contract/metrics.ts";
import type { Ports } from "./ports.ts";
import type { Result } from "./process-record.ts";

/** Counts what became of a batch. What was not reached in time counts as retried: it has used up a receive. */
export function countResults(
  records: readonly SQSRecord[],
  results: ReadonlyMap<SQSRecord, Result>,
  { metrics, now }: Ports,
): void {
  const all = records.map((record): Result => results.get(record) ?? { kind: "again" });
  const deadLetters = all.filter((result) => result.kind === "dead-lettered");
  const undelivered = all.filter((result) => result.kind === "again");
  count(names.processor.delivered, all.length - deadLetters.length - undelivered.length);
  count(names.processor.retried, undelivered.length);
  count(names.processor.deadLettered, deadLetters.length);
  for (const { class: reason } of deadLetters) {
    metrics
      .singleMetric()
      .addDimension("class", reason)
      .addMetric(names.processor.deadLettered, MetricUnit.Count, 1);
  }
  const ages = undelivered.map(({ receivedAt }) => now().getTime() - Date.parse(receivedAt ?? ""));
  const known = ages.filter((age) => age >= 0);
  if (known.length > 0) {
    metrics.addMetric(names.processor.oldestUndelivered, MetricUnit.Milliseconds, Math.max(...known));
  }
  if (all.length > 0) metrics.publishStoredMetrics();

  function count(name: string, value: number) {
    if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
  }
}
