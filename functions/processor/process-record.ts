import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import type { DeadLetterClass, DeadLetterReason } from "../event/dead-letter.ts";
import type { QueuedEvent } from "../event/read-envelope.ts";
import { errorName } from "../runtime/error-name.ts";
import { within } from "../runtime/within.ts";
import { type Attempts, readAttempts } from "./attempts.ts";
import { backOffSeconds } from "./back-off.ts";
import { type Failure, type Outcome, outcomeOfAnswer, outcomeOfError } from "./classify.ts";
import { sendDeadLetter } from "./dead-letter.ts";
import { payloadOf } from "./payload.ts";
import type { Ports } from "./ports.ts";
import { type EventHead, readRecord } from "./read-record.ts";

/** What became of one record. Only the first two may be deleted. */
export type Result =
  | { readonly kind: "delivered" }
  | { readonly kind: "dead-lettered"; readonly class: DeadLetterClass }
  | { readonly kind: "again"; readonly receivedAt?: string };

/** The time that one record has. */
export interface TimeFrame {
  readonly invokedAt: Date;
  /** Milliseconds that the delivery may take, the destination's own timeout aside. */
  readonly deliveryMilliseconds: number;
}

/** One record on its way: what is known of it, and what its log lines carry. */
interface Passage {
  readonly record: SQSRecord;
  readonly ports: Ports;
  readonly time: TimeFrame;
  readonly attempts: Attempts;
  readonly startedAt: Date;
  readonly event: EventHead;
  readonly about: Readonly<Record<string, string | number>>;
}

/**
 * Delivers one message from the queue and sees to what follows: nothing, a back-off, or a dead letter, which
 * is sent before the message is given up.
 */
export async function processRecord(record: SQSRecord, ports: Ports, time: TimeFrame): Promise<Result> {
  const startedAt = ports.now();
  const attempts = readAttempts(record, startedAt);
  const { event, malformed } = readRecord(record);
  const outcome = malformed ?? (await attemptDelivery(event, attempts, ports, time));
  const about = {
    event_id: event.id,
    source: event.source,
    ...(event.eventType === undefined ? {} : { event_type: event.eventType }),
    attempt: attempts.attempt,
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
  };
  const passage: Passage = { record, ports, time, attempts, startedAt, event, about };
  switch (outcome.class) {
    case "success":
      ports.logger.info(logMessages.delivered, { ...about, class: outcome.class });
      return { kind: "delivered" };
    case "transient":
      return attempts.receiveCount >= ports.settings.maxReceiveCount
        ? setAside(passage, "exhausted", outcome)
        : postpone(passage, outcome);
    case "permanent":
    case "malformed":
      return setAside(passage, outcome.class, outcome);
  }
}

async function attemptDelivery(
  event: QueuedEvent,
  { attempt }: Attempts,
  { destination, objects }: Ports,
  { deliveryMilliseconds }: TimeFrame,
): Promise<Outcome> {
  const milliseconds = Math.min(destination.timeoutMilliseconds, deliveryMilliseconds);
  try {
    const answer = await within("The delivery", milliseconds, async (signal) => {
      const bytes = await payloadOf(event, objects, signal);
      return destination.deliver({ event, bytes, attempt }, signal);
    });
    return outcomeOfAnswer(answer);
  } catch (error) {
    return outcomeOfError(error);
  }
}

type TransientOutcome = Extract<Outcome, { class: "transient" }>;

/** Hides the message until its next attempt. If SQS does not agree, the queue's own visibility applies. */
async function postpone(passage: Passage, { message, retryAfter }: TransientOutcome): Promise<Result> {
  const { record, ports, time, attempts, about } = passage;
  const seconds = backOffSeconds({
    ...ports.settings.backOff,
    receiveCount: attempts.receiveCount,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    invokedAt: time.invokedAt,
    now: ports.now(),
    random: ports.random(),
  });
  const hide = new ChangeMessageVisibilityCommand({
    QueueUrl: ports.settings.queueUrl,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: seconds,
  });
  const hidden = await ports.sqs.send(hide).then(
    () => ({ next_attempt_seconds: seconds }),
    (error: unknown) => ({ visibility_unchanged: errorName(error) }),
  );
  ports.logger.warn(logMessages.retryLater, { ...about, class: "transient", reason: message, ...hidden });
  return again(passage);
}

/** Sends the dead letter; only when SQS has it may the message go. */
async function setAside(passage: Passage, reasonClass: DeadLetterClass, failure: Failure): Promise<Result> {
  const { record, ports, attempts, startedAt, event, about } = passage;
  const { status, message, detail } = failure;
  const reason: DeadLetterReason = {
    class: reasonClass,
    ...(status === undefined ? {} : { status }),
    message: detail === undefined ? message : `${message} ${detail}`,
    attempts: attempts.attempt,
    firstAttemptAt: attempts.firstAttemptAt,
    lastAttemptAt: startedAt.toISOString(),
    source: event.source,
    eventId: event.id,
    redrives: attempts.redrives,
  };
  const line = { ...about, class: reasonClass, reason: message };
  try {
    await sendDeadLetter(ports.sqs, ports.settings.deadLetterQueueUrl, record.body, reason);
  } catch (error) {
    ports.logger.error(logMessages.deadLetterFailed, { ...line, dead_letter_failure: errorName(error) });
    return again(passage);
  }
  ports.logger.error(logMessages.deadLettered, line);
  return { kind: "dead-lettered", class: reasonClass };
}

function again({ event: { receivedAt } }: Passage): Result {
  return { kind: "again", ...(receivedAt === undefined ? {} : { receivedAt }) };
}
