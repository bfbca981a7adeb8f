import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { REDRIVEN_BY, type Redriver, redrivenAttributes } from "./event/dead-letter.ts";
import { type FittedAttributes, fitAttributes } from "./event/fit-attributes.ts";
import { isInvalidMessage } from "./event/invalid-message.ts";
import { MESSAGES_PER_CALL } from "./queue-batch.ts";

/** What recovery and the operator's command do with dead letters. Looking takes nothing; a redrive loses nothing. */

interface QueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** Where dead letters are redriven to, and how big a message may be there. */
export interface RedriveTarget extends QueueUrls {
  /** Body and attributes together. */
  readonly maxMessageBytes: number;
}

/** Makes visible again at once what was only looked at. @returns how many could not be; a failure only delays that */
export async function showAgain(
  sqs: SQSClient,
  deadLetterQueueUrl: string,
  handles: readonly string[],
): Promise<number> {
  let late = 0;
  for (let at = 0; at < handles.length; at += MESSAGES_PER_CALL) {
    const Entries = handles
      .slice(at, at + MESSAGES_PER_CALL)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    const change = new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterQueueUrl, Entries });
    late += await sqs.send(change).then(
      ({ Failed: failed = [] }) => failed.length,
      () => Entries.length,
    );
  }
  return late;
}

/** What became of one dead letter, and what SQS threw where it is still on its queue. */
export type DeadLetterOutcome =
  | {
      readonly kind: "done";
      /** The names of attributes for which the message had no room; absent where all went along. */
      readonly leftOut?: readonly string[];
    }
  /** SQS does not take the message as it is, and never will. */
  | { readonly kind: "refused"; readonly error: unknown }
  /** Done with, but it could not be deleted: a second time does no harm. */
  | { readonly kind: "undeleted"; readonly error: unknown };

/**
 * Puts one dead letter back on the main queue: the same body, one redrive more. Sent first, deleted after: killed
 * in between, it leaves one event on both queues, under one id.
 *
 * @throws what SQS throws when it took nothing
 */
export async function redriveDeadLetter(
  sqs: SQSClient,
  target: RedriveTarget,
  message: Message,
): Promise<DeadLetterOutcome> {
  const sent = await sendRedriven(sqs, target, message);
  if (sent.kind !== "done") return sent;
  const deleted = await deleteDeadLetter(sqs, target.deadLetterQueueUrl, message);
  return deleted.kind === "done" ? sent : deleted;
}

/**
 * Sends a dead letter, wherever it lies, to the main queue, as a person's redrive.
 *
 * @throws what SQS throws when it took nothing
 */
export async function sendRedriven(
  sqs: SQSClient,
  { queueUrl, maxMessageBytes }: RedriveTarget,
  message: Message,
): Promise<DeadLetterOutcome> {
  const fitted = redriven(message, maxMessageBytes, "operator");
  if (fitted === undefined) return { kind: "refused", error: new MessageTooLongError() };
  const refused = await sendMessage(sqs, queueUrl, message.Body ?? "", fitted.attributes);
  if (refused !== undefined) return refused;
  return fitted.leftOut.length === 0 ? { kind: "done" } : { kind: "done", leftOut: fitted.leftOut };
}

/** The attributes of a dead letter as it goes back; `undefined` where it has no room to count this redrive. */
export function redriven(
  { Body: body = "", MessageAttributes: given = {} }: Message,
  maxMessageBytes: number,
  by: Redriver,
): FittedAttributes | undefined {
  const fitted = fitAttributes(body, redrivenAttributes(given, by), maxMessageBytes);
  return fitted && { ...fitted, leftOut: fitted.leftOut.filter((name) => name !== REDRIVEN_BY) };
}

/** What SQS itself would say of it. */
export class MessageTooLongError extends Error {
  override readonly name = "InvalidParameterValue";
  readonly $metadata = { httpStatusCode: 400 };
}

/** Deletes one dead letter, whose event is stored elsewhere or not wanted any more. It never rejects. */
export function deleteDeadLetter(
  sqs: SQSClient,
  deadLetterQueueUrl: string,
  { ReceiptHandle }: Message,
): Promise<DeadLetterOutcome> {
  return sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterQueueUrl, ReceiptHandle })).then(
    () => ({ kind: "done" }),
    (error: unknown) => ({ kind: "undeleted", error }),
  );
}

/**
 * Sends one message.
 *
 * @returns `undefined` once SQS has it; the refusal where SQS does not take it as it is, and never will
 * @throws whatever else SQS throws: the next message would fare no better
 */
export async function sendMessage(
  sqs: SQSClient,
  queueUrl: string,
  body: string | undefined,
  attributes: Record<string, MessageAttributeValue> | undefined,
): Promise<Extract<DeadLetterOutcome, { kind: "refused" }> | undefined> {
  const message = { QueueUrl: queueUrl, MessageBody: body, MessageAttributes: attributes };
  try {
    await sqs.send(new SendMessageCommand(message));
    return undefined;
  } catch (error) {
    if (isInvalidMessage(error)) return { kind: "refused", error };
    throw error;
  }
}
