import { DeleteMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse } from "aws-lambda";
import type { ProbeAnswer, ProbeEvent } from "../../contract/probe.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Ports } from "./ports.ts";
import { processBatch } from "./process-batch.ts";
import type { ProbeTally } from "./record-context.ts";

/**
 * Delivers the events of a probe, and deletes those that are done, as Lambda's poller does with a batch. One that cannot
 * be deleted comes again, and is delivered once more at worst.
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
  await Promise.all(
    done.map(({ receiptHandle }) =>
      ports.sqs
        .send(new DeleteMessageCommand({ QueueUrl: ports.settings.queueUrl, ReceiptHandle: receiptHandle }))
        .catch((error: unknown) =>
          ports.logger.warn("A delivered event could not be deleted, and comes again", {
            reason: errorName(error),
          }),
        ),
    ),
  );
  return { ...response, ...tally };
}
