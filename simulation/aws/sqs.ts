import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageRequest,
  GetQueueAttributesRequest,
  Message,
  ReceiveMessageRequest,
  SendMessageBatchRequest,
  SendMessageRequest,
  StartMessageMoveTaskRequest,
} from "@aws-sdk/client-sqs";
import type { VirtualClock } from "../clock.ts";
import type { Caller } from "./calls.ts";
import { AwsError } from "./errors.ts";
import { type Queue, SQS_LIMITS } from "./queue.ts";
import type { QueueMessage } from "./sqs-message.ts";

/** Moved a second at most: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const MOVED_A_SECOND = 500;

/** SQS's API over the queues of one account. */
export class Sqs {
  readonly #queues: readonly Queue[];
  readonly #clock: VirtualClock;
  readonly #moving = new Set<Queue>();

  constructor(queues: readonly Queue[], clock: VirtualClock) {
    this.#queues = queues;
    this.#clock = clock;
  }

  /** @throws {AwsError} */
  byUrl(url: string | undefined): Queue {
    return this.#find(({ settings }) => settings.url === url);
  }

  byArn(arn: string | undefined): Queue {
    return this.#find(({ settings }) => settings.arn === arn);
  }

  readonly operate = (operation: string, input: never, caller: Caller): unknown => {
    const work = this.#operations[operation];
    if (work === undefined)
      throw new AwsError("UnsupportedOperation", `The model does not know ${operation}`);
    return work(input, caller);
  };

  readonly #operations: Readonly<Record<string, (input: never, caller: Caller) => unknown>> = {
    SendMessage: (
      { QueueUrl, MessageBody = "", MessageAttributes, DelaySeconds }: SendMessageRequest,
      { hops },
    ) => {
      const queue = this.byUrl(QueueUrl);
      const options = { hops, ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }) };
      return { MessageId: queue.send(MessageBody, MessageAttributes, options).id };
    },
    SendMessageBatch: ({ QueueUrl, Entries }: SendMessageBatchRequest, { hops }) =>
      batch(Entries, ({ MessageBody = "", MessageAttributes, DelaySeconds }) => {
        const options = { hops, ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }) };
        return { MessageId: this.byUrl(QueueUrl).send(MessageBody, MessageAttributes, options).id };
      }),
    ReceiveMessage: (input: ReceiveMessageRequest) => this.#receive(input),
    DeleteMessage: ({ QueueUrl, ReceiptHandle = "" }: DeleteMessageRequest) => {
      this.byUrl(QueueUrl).delete(ReceiptHandle);
      return {};
    },
    DeleteMessageBatch: ({ QueueUrl, Entries }: DeleteMessageBatchRequest) =>
      batch(Entries, ({ ReceiptHandle = "" }) => {
        this.byUrl(QueueUrl).delete(ReceiptHandle);
        return {};
      }),
    ChangeMessageVisibility: (input: ChangeMessageVisibilityRequest) => {
      this.byUrl(input.QueueUrl).changeVisibility(input.ReceiptHandle ?? "", input.VisibilityTimeout ?? 0);
      return {};
    },
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }: ChangeMessageVisibilityBatchRequest) =>
      batch(Entries, ({ ReceiptHandle = "", VisibilityTimeout = 0 }) => {
        this.byUrl(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
        return {};
      }),
    GetQueueAttributes: ({ QueueUrl }: GetQueueAttributesRequest) => {
      const { depth, settings } = this.byUrl(QueueUrl);
      return {
        Attributes: {
          QueueArn: settings.arn,
          ApproximateNumberOfMessages: String(depth.visible),
          ApproximateNumberOfMessagesNotVisible: String(depth.inFlight),
          ApproximateNumberOfMessagesDelayed: String(depth.delayed),
          MessageRetentionPeriod: String(settings.retentionSeconds),
        },
      };
    },
    StartMessageMoveTask: (input: StartMessageMoveTaskRequest) => this.#startMoving(input),
  };

  #receive(input: ReceiveMessageRequest): unknown {
    const queue = this.byUrl(input.QueueUrl);
    const take = () => {
      const messages = queue.receive(input.MaxNumberOfMessages ?? 1, input.VisibilityTimeout);
      return { Messages: messages.map(toSdkMessage) };
    };
    const now = take();
    const wait = input.WaitTimeSeconds ?? 0;
    if (now.Messages.length > 0 || wait === 0) return now;
    return new Promise((resolve, reject) => {
      const end = () => {
        stop();
        timer.cancelled = true;
        try {
          resolve(take());
        } catch (error) {
          reject(error);
        }
      };
      const timer = this.#clock.after(wait * 1000, end);
      const stop = queue.whenVisible(end);
    });
  }

  /** Moves everything from a dead-letter queue to the queue that it serves: anew, with all of its attributes. */
  #startMoving({
    SourceArn,
    MaxNumberOfMessagesPerSecond = MOVED_A_SECOND,
  }: StartMessageMoveTaskRequest): unknown {
    const source = this.byArn(SourceArn);
    const target = this.#queues.find(({ settings }) => settings.redrive?.deadLetterArn === SourceArn);
    if (target === undefined)
      throw new AwsError("InvalidParameterValue", "The source is no dead-letter queue");
    if (this.#moving.has(source)) throw new AwsError("UnsupportedOperation", "There is an active task");
    this.#moving.add(source);
    const rate = Math.min(MOVED_A_SECOND, MaxNumberOfMessagesPerSecond);
    const tick = () => {
      for (let moved = 0; moved < rate; ) {
        const messages = source.receive(Math.min(SQS_LIMITS.batch, rate - moved), 60);
        if (messages.length === 0) return void this.#moving.delete(source);
        for (const { body, attributes, handle } of messages) {
          target.send(body, attributes, { delaySeconds: 0 });
          source.delete(handle);
        }
        moved += messages.length;
      }
      this.#clock.after(1_000, tick);
    };
    this.#clock.after(1_000, tick);
    return { TaskHandle: `task-${source.settings.name}` };
  }

  #find(is: (queue: Queue) => boolean): Queue {
    const found = this.#queues.find(is);
    if (found === undefined) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist");
    return found;
  }
}

interface BatchEntry {
  readonly Id: string | undefined;
}

/** Each entry by itself: one that is refused fails none of the others. */
function batch<E extends BatchEntry>(entries: readonly E[] | undefined, work: (entry: E) => object): unknown {
  if (entries === undefined || entries.length === 0)
    throw new AwsError("EmptyBatchRequest", "There is no entry in the batch");
  if (entries.length > SQS_LIMITS.batch)
    throw new AwsError("TooManyEntriesInBatchRequest", "A batch has ten entries at most");
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id: entry.Id,
        Code: error.name,
        Message: error.message,
        SenderFault: error.$fault === "client",
      });
    }
  }
  return { Successful, Failed };
}

export function toSdkMessage(message: QueueMessage): Message {
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    Body: message.body,
    MessageAttributes: { ...message.attributes },
    Attributes: {
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
      SenderId: "AIDAEXAMPLE",
      ...(message.movedFrom === undefined ? {} : { DeadLetterQueueSourceArn: message.movedFrom }),
    },
  };
}
