import type { SQSRecord } from "aws-lambda";
import { deleteMessages } from "../../contract/queue-batch.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Ports } from "./ports.ts";

/**
 * Deletes what is done, as Lambda's poller does with a batch of its own. One that cannot be deleted comes again, and is
 * delivered once more at worst. It never rejects.
 */
export async function deleteDone(
  done: readonly SQSRecord[],
  { sqs, settings, logger }: Ports,
): Promise<void> {
  const handles = done.map(({ receiptHandle }) => receiptHandle);
  for (const error of (await deleteMessages(sqs, settings.queueUrl, handles)).values())
    logger.warn("A delivered event could not be deleted, and comes again", { reason: errorName(error) });
}
