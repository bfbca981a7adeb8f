import type { SQSBatchResponse } from "aws-lambda";
import type { ProbeAnswer, ProbeEvent } from "../../contract/probe.ts";
import { deleteDone } from "./delete-done.ts";
import type { Ports } from "./ports.ts";
import { processBatch } from "./process-batch.ts";
import type { ProbeTally } from "./record-context.ts";

/**
 * Delivers the events of a probe, and deletes those that are done.
 *
 * @param remaining milliseconds until Lambda ends the invocation.
 */
export async function answerProbe(
  { Records: records }: ProbeEvent,
  ports: Ports,
  remaining: () => number,
): Promise<SQSBatchResponse & ProbeAnswer> {
  const tally: ProbeTally = { attempted: 0, delivered: 0 };
  const response = await processBatch(records, ports, remaining, tally);
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = records.filter(({ messageId }) => !failed.has(messageId));
  await deleteDone(done, ports);
  return { ...response, ...tally };
}
