import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { backOffSeconds } from "./back-off.ts";
import type { Outcome } from "./classify.ts";
import { type Passage, type Result, receivedAt } from "./passage.ts";

type TransientOutcome = Extract<Outcome, { class: "transient" }>;

/** Hides the message until its next attempt. */
export async function postpone(passage: Passage, { message, retryAfter }: TransientOutcome): Promise<Result> {
  const { ports, about } = passage;
  const hidden = await hide(passage, pauseSeconds(passage, retryAfter));
  ports.logger.warn(logMessages.retryLater, { ...about, class: "transient", reason: message, ...hidden });
  return { kind: "again", ...receivedAt(passage) };
}

export function pauseSeconds({ ports, time, attempts }: Passage, retryAfter?: string): number {
  return backOffSeconds({
    ...ports.settings.backOff,
    receiveCount: attempts.receiveCount,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    invokedAt: time.invokedAt,
    now: ports.now(),
    random: ports.random(),
  });
}

/**
 * Hides the message for so long. If SQS does not agree, the queue's own visibility applies.
 *
 * @returns what a log line says of it.
 */
export function hide({ record, ports }: Passage, seconds: number): Promise<Record<string, number | string>> {
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
