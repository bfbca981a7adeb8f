import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { CommandError } from "../../contract/command-error.ts";
import { queueNameOf } from "../aws/queue-url.ts";

/** The most that a queue can be set to. */
const SQS_MAX_MESSAGE_BYTES = 1_048_576;

/** As SQS approximates it. */
export interface QueueDepth {
  readonly arn: string;
  readonly visible: number;
  /** Somebody is at it. */
  readonly hidden: number;
}

/**
 * How many messages lie on a queue that may be looked at.
 *
 * @throws {CommandError} where looking would count against a redrive policy
 */
export async function readDepth(sqs: SQSClient, queueUrl: string): Promise<QueueDepth> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
  );
  if (attributes.RedrivePolicy) {
    throw new CommandError(
      `${queueNameOf(queueUrl)} has a redrive policy: looking counts as a receive there, and would move messages on.`,
      "The stack gives the dead-letter queue none; find out who did, and take it away.",
    );
  }
  return {
    arn: attributes.QueueArn ?? "",
    visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
    hidden: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

/**
 * Bytes of a message with its attributes, as the queue takes it. Where that cannot be read, the most that any
 * queue takes: SQS itself then refuses what is too big.
 */
export function readMaxMessageBytes(sqs: SQSClient, queueUrl: string): Promise<number> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["MaximumMessageSize"] });
  return sqs.send(asked).then(
    ({ Attributes: attributes = {} }) => Number(attributes.MaximumMessageSize ?? SQS_MAX_MESSAGE_BYTES),
    () => SQS_MAX_MESSAGE_BYTES,
  );
}

export async function readArn(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  return attributes.QueueArn ?? "";
}
