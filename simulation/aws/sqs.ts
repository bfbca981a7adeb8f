import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageRequest,
  GetQueueAttributesRequest,
  ListMessageMoveTasksRequest,
  Message,
  ReceiveMessageRequest,
  SendMessageBatchRequest,
  SendMessageRequest,
  StartMessageMoveTaskRequest,
} from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import type { VirtualClock } from "../clock.ts";
import type { Caller } from "./calls.ts";
import { AwsError, ModelError } from "./errors.ts";
import { InHand } from "./in-hand.ts";
import type { Queue } from "./queue.ts";
import { batch } from "./sqs-batch.ts";
import { checkNumber, SQS_LIMITS } from "./sqs-limits.ts";
import { type QueueMessage, sizeOf } from "./sqs-message.ts";
import { MoveTasks } from "./sqs-move-tasks.ts";

/** SQS's API over the queues of one account. */
export class Sqs {
  readonly #queues: readonly Queue[];
  readonly #clock: VirtualClock;
  readonly #moveTasks: MoveTasks;
  readonly inHand = new InHand();

  constructor(queues: readonly Queue[], clock: VirtualClock) {
    this.#queues = queues;
    this.#clock = clock;
    this.#moveTasks = new MoveTasks(queues, clock);
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
    if (work === undefined) throw new ModelError(`SQS's model does not know ${operation}`);
    return work(input, caller);
  };

  readonly #operations: Readonly<Record<string, (input: never, caller: Caller) => unknown>> = {
    SendMessage: (input: SendMessageRequest, { hops }) => this.#send(this.byUrl(input.QueueUrl), input, hops),
    SendMessageBatch: ({ QueueUrl, Entries }: SendMessageBatchRequest, { hops }) => {
      const queue = this.byUrl(QueueUrl);
      const bytes = (Entries ?? []).map(({ MessageBody = "", MessageAttributes = {} }) =>
        sizeOf(MessageBody, MessageAttributes),
      );
      if (bytes.reduce((all, each) => all + each, 0) > SQS_LIMITS.batchBytes)
        throw new AwsError("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes.");
      return batch(Entries, (entry) => this.#send(queue, entry, hops));
    },
    ReceiveMessage: (input: ReceiveMessageRequest, caller) => this.#receive(input, caller),
    DeleteMessage: ({ QueueUrl, ReceiptHandle = "" }: DeleteMessageRequest, caller) =>
      this.#delete(this.byUrl(QueueUrl), ReceiptHandle, caller),
    DeleteMessageBatch: ({ QueueUrl, Entries }: DeleteMessageBatchRequest, caller) => {
      const queue = this.byUrl(QueueUrl);
      return batch(Entries, ({ ReceiptHandle = "" }) => this.#delete(queue, ReceiptHandle, caller));
    },
    ChangeMessageVisibility: (input: ChangeMessageVisibilityRequest) => {
      const { QueueUrl, ReceiptHandle = "", VisibilityTimeout = 0 } = input;
      this.byUrl(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }: ChangeMessageVisibilityBatchRequest) => {
      const queue = this.byUrl(QueueUrl);
      return batch(Entries, ({ ReceiptHandle = "", VisibilityTimeout = 0 }) => {
        queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
        return {};
      });
    },
    GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }: GetQueueAttributesRequest) =>
      attributesOf(this.byUrl(QueueUrl), AttributeNames),
    StartMessageMoveTask: (input: StartMessageMoveTaskRequest) => this.#moveTasks.start(input),
    ListMessageMoveTasks: (input: ListMessageMoveTasksRequest) => this.#moveTasks.list(input),
  };

  #send(
    queue: Queue,
    { MessageBody = "", MessageAttributes, DelaySeconds }: Omit<SendMessageRequest, "QueueUrl">,
    hops: number,
  ): object {
    const options = { hops, ...defined({ delaySeconds: DelaySeconds }) };
    return { MessageId: queue.send(MessageBody, MessageAttributes, options).id };
  }

  #delete(queue: Queue, handle: string, caller: Caller): object {
    queue.delete(handle);
    this.inHand.deleted(caller, handle);
    return {};
  }

  #receive(input: ReceiveMessageRequest, caller: Caller): unknown {
    const queue = this.byUrl(input.QueueUrl);
    const seconds = input.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds;
    checkNumber("WaitTimeSeconds", seconds, 0, SQS_LIMITS.waitSeconds);
    const take = () =>
      queue.receive(
        input.MaxNumberOfMessages ?? 1,
        input.VisibilityTimeout,
        seconds === 0 ? "short" : "long",
      );
    const answer = (messages: readonly QueueMessage[]) => {
      this.inHand.received(caller, messages);
      return messages.length === 0 ? {} : { Messages: messages.map((message) => asked(message, input)) };
    };
    const now = take();
    if (now.length > 0 || seconds === 0) return answer(now);
    return new Promise((resolve) => {
      let stop = () => {};
      const end = this.#clock.after(seconds * 1000, () => {
        stop();
        resolve(answer(take()));
      });
      const look = () => {
        const messages = take();
        if (messages.length === 0) return wait(); // somebody else was faster
        end.cancelled = true;
        resolve(answer(messages));
      };
      // With too many in flight it gets none of those that are visible, until the end.
      const wait = () => {
        if (queue.depth.visible === 0) stop = queue.whenVisible(look);
      };
      wait();
    });
  }

  #find(is: (queue: Queue) => boolean): Queue {
    const found = this.#queues.find(is);
    if (found === undefined) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    return found;
  }
}

function attributesOf(queue: Queue, names: readonly string[]): object {
  const { depth, settings } = queue;
  const all: Readonly<Record<string, string>> = {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(depth.visible),
    ApproximateNumberOfMessagesNotVisible: String(depth.inFlight),
    ApproximateNumberOfMessagesDelayed: String(depth.delayed),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
  };
  const wanted = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}

/** With the attributes that the receive asked for, and no others. */
function asked(message: QueueMessage, input: ReceiveMessageRequest): Message {
  const { MessageAttributes = {}, Attributes = {}, ...rest } = toSdkMessage(message);
  const names = input.MessageAttributeNames ?? [];
  const systemNames: readonly string[] = [
    ...(input.MessageSystemAttributeNames ?? []),
    ...(input.AttributeNames ?? []),
  ];
  const own = Object.entries(MessageAttributes).filter(([name]) =>
    names.some(
      (each) =>
        each === "All" ||
        each === ".*" ||
        each === name ||
        (each.endsWith(".*") && name.startsWith(each.slice(0, -1))),
    ),
  );
  const system = Object.entries(Attributes).filter(
    ([name]) => systemNames.includes("All") || systemNames.includes(name),
  );
  return {
    ...rest,
    ...(own.length === 0 ? {} : { MessageAttributes: Object.fromEntries(own) }),
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
  };
}

/** With all that SQS knows of it. */
export function toSdkMessage(message: QueueMessage): Message {
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    Body: message.body,
    MessageAttributes: { ...message.attributes },
    Attributes: {
      SentTimestamp: timestamp(message.enqueuedAt),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: timestamp(message.firstReceivedAt ?? message.enqueuedAt),
      SenderId: "AIDAEXAMPLE",
      ...defined({ DeadLetterQueueSourceArn: message.movedFrom }),
    },
  };
}

function timestamp(milliseconds: number): string {
  return String(Math.floor(milliseconds));
}
