import type { InvocationResult } from "../lambda/invocation-result.ts";

/**
 * Which messages of a batch come again, by Lambda's rules
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html): a function that failed
 * retries all. Where partial responses are reported, an empty, null or absent `batchItemFailures` retries
 * none, which **deletes the whole batch**; an identifier that is missing, empty or not of this batch, and
 * anything that is no such list, retries all.
 */
export function failedMessages(
  answer: InvocationResult,
  messageIds: readonly string[],
  reportsBatchItemFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(messageIds);
  const none = new Set<string>();
  if (!answer.ok) return all;
  if (!reportsBatchItemFailures) return none;
  const response: unknown = JSON.parse(answer.payload);
  if (response === null) return none;
  if (typeof response !== "object") return all;
  const failures: unknown = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return none;
  if (!Array.isArray(failures)) return all;
  const identifiers = failures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  const known = identifiers.every((id): id is string => typeof id === "string" && all.has(id));
  return known ? new Set(identifiers as string[]) : all;
}
