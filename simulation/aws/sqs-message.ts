import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

/** A message as a queue holds it. Times are milliseconds since 1970. */
export interface QueueMessage {
  /** It stays the same where SQS moves it by a redrive policy. */
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /**
   * When it was sent: from then its retention counts. A message that SQS itself moves to the dead-letter queue keeps
   * it; one that is sent, by a move task too, begins anew.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  readonly enqueuedAt: number;
  /** When it came to this queue: what the age metric counts from. */
  readonly arrivedAt: number;
  /** Hops of the trace's lineage that lie behind it. */
  readonly hops: number;
  /** The queue that SQS moved it from, after too many receives. */
  readonly movedFrom?: string;
  /** Across all queues that it was in, as `ApproximateReceiveCount` tells it. */
  receiveCount: number;
  /** From this queue. */
  receivesHere: number;
  firstReceivedAt: number | undefined;
  /** When it was last received: visibility ends at most 12 h after that. */
  receivedAt: number;
  visibleAt: number;
  /** Counts changes of its visibility; an entry of the heap with an older one is void. */
  version: number;
  state: "visible" | "hidden" | "delayed" | "deleted";
  /** Of its latest receive; empty before the first. */
  handle: string;
}

/** Bytes as SQS counts them: the body, and each attribute's name, type and value. */
export function sizeOf(body: string, attributes: Readonly<Record<string, MessageAttributeValue>>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType = "", StringValue = "", BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue === undefined ? Buffer.byteLength(StringValue) : BinaryValue.byteLength;
  }
  return bytes;
}
