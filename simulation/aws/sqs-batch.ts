import { AwsError } from "./errors.ts";
import { SQS_LIMITS } from "./sqs-limits.ts";

interface BatchEntry {
  readonly Id: string | undefined;
}

/**
 * Does each entry of a batch by itself: one that is refused fails none of the others.
 *
 * @throws {AwsError} for what makes the whole call fail
 */
export function batch<E extends BatchEntry>(
  entries: readonly E[] | undefined,
  work: (entry: E) => object,
): unknown {
  checkEntries(entries ?? []);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries ?? []) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id: entry.Id,
        Code: error.name,
        Message: error.message,
        SenderFault: error.$fault === "client",
      });
    }
  }
  return {
    ...(Successful.length > 0 ? { Successful } : {}),
    ...(Failed.length > 0 ? { Failed } : {}),
  };
}

function checkEntries(entries: readonly BatchEntry[]): void {
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > SQS_LIMITS.batch)
    throw new AwsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
  if (entries.some(({ Id = "" }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError("InvalidBatchEntryId", "A batch entry id has letters, digits, - and _, 80 at most.");
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.");
}
