import type { Invocation } from "./lambda.ts";

/**
 * Which messages of a batch Lambda deletes. An empty answer deletes all; an id that it does not know, an empty one
 * or none, and anything that is no such list, makes all of them come again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function doneOf(
  result: Invocation,
  ids: readonly string[],
  reportsBatchItemFailures: boolean,
): readonly string[] {
  if (result.kind !== "returned") return [];
  if (!reportsBatchItemFailures) return ids;
  const value: unknown = result.value ?? {};
  if (typeof value !== "object") return [];
  const { batchItemFailures } = value as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return ids;
  if (!Array.isArray(batchItemFailures)) return [];
  const failed = batchItemFailures.map((failure) => failure?.itemIdentifier as unknown);
  if (failed.some((id) => typeof id !== "string" || !ids.includes(id))) return [];
  return ids.filter((id) => !failed.includes(id));
}
