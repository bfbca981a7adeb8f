import {
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { redrivenAttributes } from "../../contract/event/dead-letter.ts";
import { isInvalidMessage } from "../../contract/event/invalid-message.ts";
import type { StackOutputs } from "../../contract/outputs.ts";
import type { MessageOutcome } from "./plan.ts";

/**
 * Puts one dead letter back on the main queue, as recovery does: the same body, one redrive more. Sent first,
 * deleted after: killed in between, it leaves one event on both queues, under one id.
 *
 * @throws what SQS throws when it took nothing
 */
export async function putBack(
  sqs: SQSClient,
  outputs: StackOutputs,
  message: Message,
): Promise<MessageOutcome> {
  const taken = await send(
    sqs,
    outputs.queueUrl,
    message.Body,
    redrivenAttributes(message.MessageAttributes ?? {}),
  );
  return taken ? remove(sqs, outputs, message) : "refused";
}

/** Sends one message. @returns false where SQS does not take it as it is, and never will */
export async function send(
  sqs: SQSClient,
  queueUrl: string,
  body: string | undefined,
  attributes: Record<string, MessageAttributeValue>,
): Promise<boolean> {
  try {
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes: attributes }),
    );
    return true;
  } catch (error) {
    if (isInvalidMessage(error)) return false;
    throw error;
  }
}

/** Deletes one dead letter; where that fails, it stays, and no harm is done. */
export function remove(sqs: SQSClient, outputs: StackOutputs, message: Message): Promise<MessageOutcome> {
  return sqs
    .send(
      new DeleteMessageCommand({
        QueueUrl: outputs.deadLetterQueueUrl,
        ReceiptHandle: message.ReceiptHandle,
      }),
    )
    .then(
      () => "done",
      () => "undeleted",
    );
}
