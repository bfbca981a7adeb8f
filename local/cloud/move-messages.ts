import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";

/** Seconds that a message is hidden while it is moved. */
const HIDDEN_SECONDS = 30;

/** URLs of two queues. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/**
 * Moves so many messages at most from one queue to another.
 *
 * @param onMoved called after each of them
 * @returns how many; fewer where no more are visible
 */
export async function moveMessages(
  sqs: SQSClient,
  ends: Ends,
  most: number,
  onMoved: () => void,
): Promise<number> {
  let moved = 0;
  while (moved < most) {
    const receive = new ReceiveMessageCommand({
      QueueUrl: ends.from,
      MaxNumberOfMessages: Math.min(10, most - moved),
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageAttributeNames: ["All"],
    });
    const { Messages: messages = [] } = await sqs.send(receive);
    if (messages.length === 0) return moved;
    for (const message of messages) {
      await move(sqs, ends, message);
      moved++;
      onMoved();
    }
  }
  return moved;
}

/** Sends first and deletes after: whatever happens between, the message is somewhere. */
async function move(
  sqs: SQSClient,
  { from, to }: Ends,
  { Body, MessageAttributes, ReceiptHandle }: Message,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: to, MessageBody: Body, ...defined({ MessageAttributes }) }),
  );
  await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
}
