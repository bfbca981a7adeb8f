import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { DeadLetterReason } from "../../contract/event/dead-letter.ts";
import type { FittedAttributes } from "../../contract/event/fit-attributes.ts";
import { carriedAttributes } from "./carried-attributes.ts";
import type { ProcessorSettings } from "./settings.ts";

/**
 * Sends an event to the dead-letter queue: the message as it came, and the reason in its attributes. The
 * message itself is deleted only after this returns.
 *
 * @returns with which attributes SQS took it
 * @throws the SDK's error when SQS did not take it
 * @throws {NoRoomError} when the message was full to the last bytes: SQS's own redrive policy moves it then,
 * which weighs nothing
 */
export async function sendDeadLetter(
  sqs: SQSClient,
  { deadLetterQueueUrl, maxMessageBytes }: ProcessorSettings,
  record: SQSRecord,
  reason: DeadLetterReason,
): Promise<FittedAttributes> {
  const fitted = carriedAttributes(record, reason, maxMessageBytes);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: record.body,
      MessageAttributes: fitted.attributes,
    }),
  );
  return fitted;
}
