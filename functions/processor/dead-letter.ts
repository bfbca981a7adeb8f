import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, toAttributes } from "../../contract/event/dead-letter.ts";
import { isInvalidMessage } from "../../contract/event/invalid-message.ts";

const SHORT_MESSAGE_CHARACTERS = 40;

/**
 * Sends an event to the dead-letter queue: the message as it came, and the reason in its attributes. The
 * message itself is deleted only after this returns.
 *
 * @throws the SDK's error when SQS did not take it. A message that was full to the last byte has no room for
 * even a short reason: SQS's own redrive policy moves it then, which weighs nothing.
 */
export async function sendDeadLetter(
  sqs: SQSClient,
  queueUrl: string,
  body: string,
  reason: DeadLetterReason,
): Promise<void> {
  const send = (why: DeadLetterReason) =>
    sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes: toAttributes(why) }),
    );
  try {
    await send(reason);
  } catch (error) {
    if (!isInvalidMessage(error)) throw error;
    await send({ ...reason, message: reason.message.slice(0, SHORT_MESSAGE_CHARACTERS) });
  }
}
