import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { backOffSeconds } from "./back-off.ts";
import type { DeliveryOutcome } from "./classify.ts";
import { type RecordContext, type Result, receivedAt } from "./record-context.ts";

type TransientOutcome = Extract<DeliveryOutcome, { class: "transient" }>;

/** Makes the message visible again at its next attempt. */
export async function retryLater(
  context: RecordContext,
  { message, retryAfter }: TransientOutcome,
): Promise<Result> {
  const { ports, logFields } = context;
  const visibility = await changeVisibility(context, pauseSeconds(context, retryAfter));
  ports.logger.warn(logMessages.retryLater, {
    ...logFields,
    class: "transient",
    reason: message,
    ...visibility,
  });
  return { kind: "again", ...receivedAt(context) };
}

export function pauseSeconds({ ports, time, attempts }: RecordContext, retryAfter?: string): number {
  return backOffSeconds({
    ...ports.settings.backOff,
    receiveCount: attempts.receiveCount,
    ...defined({ retryAfter }),
    invokedAt: time.invokedAt,
    now: ports.now(),
    random: ports.random(),
  });
}

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
