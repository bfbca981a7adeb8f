import {
  type BatchResultErrorEntry,
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { defined } from "./defined.ts";
import { isInvalidMessage, speaksOfTheMessage } from "./event/invalid-message.ts";

/** What SQS takes in one call: so many messages, and so many bytes together. */
export const MESSAGES_PER_CALL = 10;
const BYTES_PER_CALL = 1_048_576;
/** For an attribute's or a message's own fields on the wire, which SQS does not tell: rounded up. */
const OVERHEAD_BYTES = 64;

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
}

/**
 * - `sent`: SQS has confirmed it.
 * - `refused`: SQS does not take this message as it is, and never will.
 * - `failed`: anything else; the next message would fare no better.
 */
export type SendOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

export interface Receive {
  /** How long nobody else sees them, unless they are deleted or shown again before. @default as long as the queue says */
  readonly hideSeconds?: number;
  /** @default 10, SQS's most */
  readonly count?: number;
  /** How long SQS waits for the first one. An empty answer to a long poll has asked every server of the queue. @default 1 */
  readonly waitSeconds?: number;
}

/**
 * Some messages, with all that SQS knows of them; none where there are none to be seen.
 *
 * @throws what SQS throws
 */
export async function receiveMessages(
  sqs: SQSClient,
  queueUrl: string,
  { hideSeconds, count = MESSAGES_PER_CALL, waitSeconds = 1 }: Receive,
): Promise<Message[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitSeconds,
      ...defined({ VisibilityTimeout: hideSeconds }),
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return messages;
}

/** Sends messages, as many to a call as SQS takes. It never rejects: each has an outcome of its own. */
export async function sendMessages(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<SendOutcome[]> {
  const outcomes: SendOutcome[] = [];
  for (const call of calls(messages)) {
    const last = outcomes.at(-1);
    if (last?.kind === "failed") outcomes.push(...call.map(() => last));
    else outcomes.push(...(await sendOneCall(sqs, queueUrl, call)));
  }
  return outcomes;
}

/** Deletes messages. It never rejects. @returns the error of each that is still there, by its index */
export async function deleteMessages(
  sqs: SQSClient,
  queueUrl: string,
  handles: readonly string[],
): Promise<ReadonlyMap<number, unknown>> {
  const errors = new Map<number, unknown>();
  for (let at = 0; at < handles.length; at += MESSAGES_PER_CALL) {
    const Entries = handles
      .slice(at, at + MESSAGES_PER_CALL)
      .map((ReceiptHandle, index) => ({ Id: String(at + index), ReceiptHandle }));
    try {
      const { Failed: failed = [] } = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      );
      for (const entry of failed) errors.set(Number(entry.Id), new BatchEntryError(entry));
    } catch (error) {
      for (const { Id } of Entries) errors.set(Number(Id), error);
    }
  }
  return errors;
}

/** What SQS says of one entry of a batch that it answered with 200. */
class BatchEntryError extends Error {
  constructor({ Code: code = "", Message: message = "" }: Partial<BatchResultErrorEntry>) {
    super(message);
    this.name = code;
  }
}

async function sendOneCall(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<SendOutcome[]> {
  const Entries = messages.map(({ body, attributes }, index) => ({
    Id: String(index),
    MessageBody: body,
    ...defined({ MessageAttributes: attributes && { ...attributes } }),
  }));
  try {
    const { Failed: failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    const outcomes: SendOutcome[] = messages.map(() => ({ kind: "sent" }));
    for (const entry of failed) {
      const about = entry.SenderFault === true && speaksOfTheMessage(entry.Code ?? "");
      outcomes[Number(entry.Id)] = {
        kind: about ? "refused" : "failed",
        error: new BatchEntryError(entry),
      };
    }
    return outcomes;
  } catch (error) {
    if (!isInvalidMessage(error)) return messages.map(() => ({ kind: "failed", error }));
    if (messages.length === 1) return [{ kind: "refused", error }];
    // One of them makes SQS refuse the whole call: which one, each alone tells.
    const outcomes: SendOutcome[] = [];
    for (const message of messages) outcomes.push(...(await sendOneCall(sqs, queueUrl, [message])));
    return outcomes;
  }
}

/** Divides messages into calls. A message that is too big for any call gets one of its own, and is refused there. */
function calls(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const all: OutgoingMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    const call = all.at(-1);
    if (call === undefined || call.length === MESSAGES_PER_CALL || bytes + size > BYTES_PER_CALL) {
      all.push([message]);
      bytes = size;
    } else {
      call.push(message);
      bytes += size;
    }
  }
  return all;
}

function sizeOf({ body, attributes = {} }: OutgoingMessage): number {
  let bytes = Buffer.byteLength(body) + OVERHEAD_BYTES;
  for (const [name, { DataType = "", StringValue = "", BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + DataType.length + Buffer.byteLength(StringValue) + OVERHEAD_BYTES;
    bytes += BinaryValue?.length ?? 0;
  }
  return bytes;
}
