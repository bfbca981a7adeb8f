import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import { errorName } from "../runtime/error-name.ts";
import type { RecordContext } from "./record-context.ts";

/**
 * Changes the visibility of the message to so many seconds. If SQS does not agree, the queue's own visibility applies.
 *
 * @returns what a log line says of it.
 */
export function changeVisibility(
  { record, ports }: RecordContext,
  seconds: number,
): Promise<Record<string, number | string>> {
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: ports.settings.queueUrl,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: seconds,
  });
  return ports.sqs.send(command).then(
    () => ({ next_attempt_seconds: seconds }),
    (error: unknown) => ({ visibility_unchanged: errorName(error) }),
  );
}
