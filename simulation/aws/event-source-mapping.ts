import { ResourceInUseException } from "@aws-sdk/client-lambda";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import type { Invocation, Lambda } from "./lambda.ts";
import type { Queue } from "./queue.ts";
import type { QueueMessage } from "./sqs-message.ts";

export type MappingState = "Enabled" | "Enabling" | "Disabled" | "Disabling";

export interface MappingSettings {
  readonly uuid: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsBatchItemFailures: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const START_CONCURRENCY = 5;
const MORE_A_MINUTE = 300;
const MOST_CONCURRENCY = 1_250;
/** Lambda stops a chain of its own after so many hops: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
const RECURSION_HOPS = 16;
/** How long a change of state takes. */
const TRANSITION_MILLISECONDS = { least: 1_000, most: 25_000 } as const;
const RECEIVE_MILLISECONDS = { least: 5, most: 25 } as const;

/** Lambda's poller of one queue: batches, concurrency that ramps up, partial answers, states. */
export class EventSourceMapping {
  readonly settings: MappingSettings;
  readonly #queue: Queue;
  readonly #lambda: Lambda;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #trace: Trace;
  #state: MappingState = "Enabled";
  /** Why it is in its state, as Lambda tells it. */
  transitionReason = "USER_INITIATED";
  #running = 0;
  #collecting = 0;
  #limit = START_CONCURRENCY;
  #waiting: (() => void) | undefined;

  constructor(
    settings: MappingSettings,
    {
      queue,
      lambda,
      clock,
      random,
      trace,
    }: {
      readonly queue: Queue;
      readonly lambda: Lambda;
      readonly clock: VirtualClock;
      readonly random: Random;
      readonly trace: Trace;
    },
  ) {
    this.settings = settings;
    this.#queue = queue;
    this.#lambda = lambda;
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
    clock.every(60_000, () => this.#ramp());
    this.#pull();
  }

  get state(): MappingState {
    return this.#state;
  }

  /** @throws {ResourceInUseException} while the last change is still under way */
  setEnabled(enabled: boolean, reason = "USER_INITIATED"): void {
    if (this.#state === "Enabling" || this.#state === "Disabling")
      throw new ResourceInUseException({
        $metadata: { httpStatusCode: 400 },
        message: "The mapping is in use",
      });
    this.transitionReason = reason;
    if (enabled === (this.#state === "Enabled")) return;
    this.#change(enabled ? "Enabling" : "Disabling");
    const milliseconds = this.#random.between(TRANSITION_MILLISECONDS.least, TRANSITION_MILLISECONDS.most);
    this.#clock.after(milliseconds, () => {
      this.#change(enabled ? "Enabled" : "Disabled");
      this.#limit = START_CONCURRENCY;
      this.#pull();
    });
  }

  #change(state: MappingState): void {
    this.#state = state;
    this.#trace.add("mapping", state);
  }

  /** Until the queue has nothing for it, it asks for more. */
  #ramp(): void {
    const most = this.settings.maximumConcurrency ?? MOST_CONCURRENCY;
    const busy = this.#running + this.#collecting >= this.#limit;
    this.#limit = Math.min(
      most,
      busy ? this.#limit + MORE_A_MINUTE : Math.max(START_CONCURRENCY, this.#limit),
    );
    this.#pull();
  }

  #pull(): void {
    if (this.#state !== "Enabled" || this.#waiting !== undefined) return;
    const most = Math.min(this.#limit, this.settings.maximumConcurrency ?? MOST_CONCURRENCY);
    if (this.#running + this.#collecting >= most) return;
    this.#waiting = () => {};
    const stop = this.#queue.whenVisible(() => {
      this.#waiting = undefined;
      if (this.#state !== "Enabled") return;
      this.#collecting++;
      void this.#collect();
      this.#pull();
    });
    if (this.#waiting !== undefined) this.#waiting = stop;
  }

  async #collect(): Promise<void> {
    await this.#clock.sleep(this.#random.between(RECEIVE_MILLISECONDS.least, RECEIVE_MILLISECONDS.most));
    const { batchSize, batchWindowSeconds } = this.settings;
    const until = this.#clock.now + batchWindowSeconds * 1000;
    const messages: QueueMessage[] = [];
    for (;;) {
      try {
        messages.push(...this.#queue.receive(Math.min(10, batchSize - messages.length)));
      } catch (error) {
        this.#trace.add("mapping", `receive failed: ${(error as Error).name}`);
        break;
      }
      const left = until - this.#clock.now;
      if (messages.length >= batchSize || left <= 0) break;
      await this.#clock.sleep(Math.min(left, 200));
    }
    this.#collecting--;
    if (messages.length === 0) return this.#pull();
    this.#running++;
    await this.#deliver(messages);
    this.#running--;
    this.#pull();
  }

  async #deliver(messages: readonly QueueMessage[]): Promise<void> {
    const { functionName } = this.settings;
    const stopped = this.#lambda.find(functionName).allowsRecursion
      ? []
      : messages.filter(({ hops }) => hops >= RECURSION_HOPS);
    if (stopped.length > 0) this.#trace.add("mapping", `recursion stopped: ${stopped.length}`);
    const batch = messages.filter((message) => !stopped.includes(message));
    if (batch.length === 0) return;
    // A receive gives every message a handle of its own; a duplicate that is received meanwhile has another.
    const handles = new Map(batch.map(({ id, handle }) => [id, handle]));
    const event: SQSEvent = { Records: batch.map((message) => toRecord(message, this.#queue.settings.arn)) };
    const hops = Math.max(...batch.map((message) => message.hops)) + 1;
    const result = await this.#lambda.invoke(functionName, event, hops);
    for (const id of this.#done(
      result,
      batch.map(({ id }) => id),
    ))
      this.#queue.delete(handles.get(id) ?? "");
  }

  /**
   * What Lambda deletes. An empty answer deletes everything; an id that it does not know, or an empty one, makes
   * all of them come again: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  #done(result: Invocation, ids: readonly string[]): readonly string[] {
    if (result.kind !== "returned") return [];
    if (!this.settings.reportsBatchItemFailures) return ids;
    const { batchItemFailures = null } = (result.value ?? {}) as {
      batchItemFailures?: readonly { itemIdentifier?: unknown }[] | null;
    };
    if (batchItemFailures === null) return ids;
    if (!Array.isArray(batchItemFailures)) return [];
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    if (failed.some((id) => typeof id !== "string" || !ids.includes(id))) return [];
    return ids.filter((id) => !failed.includes(id));
  }
}

/** As Lambda hands a message to a function. */
function toRecord(message: QueueMessage, eventSourceARN: string): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: "AIDAEXAMPLE",
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
      ...(message.movedFrom === undefined ? {} : { DeadLetterQueueSourceArn: message.movedFrom }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType = "String", StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType as "String",
          ...(StringValue === undefined ? {} : { stringValue: StringValue }),
          ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
        },
      ]),
    ),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: "eu-west-1",
  };
}
