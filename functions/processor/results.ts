import type { SQSRecord } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import { BATCH_PROCESSED } from "../../contract/log-messages.ts";
import { metrics as names } from "../../contract/metrics.ts";
import type { Ports } from "./ports.ts";
import type { Result } from "./record-context.ts";

/**
 * Counts what became of a batch. What was not reached in time counts as retried: it has used up a receive.
 *
 * @param unprotected deliveries whose duplicates nobody will suppress
 */
export function countResults(
  records: readonly SQSRecord[],
  results: ReadonlyMap<SQSRecord, Result>,
  unprotected: number,
  { metrics, now }: Ports,
): void {
  const all = records.map((record): Result => results.get(record) ?? { kind: "again" });
  const delivered = all.filter((result) => result.kind === "delivered");
  const deadLetters = all.filter((result) => result.kind === "dead-lettered");
  const again = all.filter((result) => result.kind === "again");
  const requeued = all.filter((result) => result.kind === "requeued");
  const deferred = again.filter((result) => result.deferred).length;
  const duplicates = delivered.filter((result) => result.duplicate).length;
  count(names.processor.duplicates, duplicates);
  count(names.processor.unprotected, unprotected);
  const tried = requeued.filter((result) => result.attempted).length;
  count(names.processor.retried, again.length - deferred + tried);
  count(names.processor.deferred, deferred + requeued.length - tried);
  count(names.processor.deadLettered, deadLetters.length);
  for (const { class: reason } of deadLetters)
    metrics.publishMetric(names.processor.deadLettered, "Count", 1, { class: reason });
  const oldestUndelivered = ageOfOldest([...again, ...requeued]);
  if (oldestUndelivered !== undefined)
    metrics.addMetric(names.processor.oldestUndelivered, "Milliseconds", oldestUndelivered);
  // Nearly every batch has no more than these two, which CloudWatch counts in its line without a declaration.
  const fields = {
    ...defined({ [names.processor.delivered]: delivered.length - duplicates || undefined }),
    // One that comes late has waited, too: a processor that does not keep up fails at nothing.
    ...defined({ [names.processor.oldestDelivered]: ageOfOldest(delivered) }),
  };
  if (all.length > 0) metrics.publishStoredMetrics({ level: "INFO", message: BATCH_PROCESSED, fields });

  function ageOfOldest(of: readonly { readonly receivedAt?: string }[]): number | undefined {
    const ages = of.map(({ receivedAt }) => now().getTime() - Date.parse(receivedAt ?? ""));
    const known = ages.filter((age) => age >= 0);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  function count(name: string, value: number) {
    if (value > 0) metrics.addMetric(name, "Count", value);
  }
}
