import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { VirtualClock } from "../clock.ts";
import { Heap } from "../heap.ts";
import type { Random } from "../random.ts";
import { AwsError } from "./errors.ts";
import { type QueueMessage, sizeOf } from "./sqs-message.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const SQS_LIMITS = {
  attributes: 10,
  delaySeconds: 900,
  visibilitySeconds: 43_200,
  /** Of a standard queue; beyond, a receive answers OverLimit. */
  inFlight: 120_000,
  batch: 10,
} as const;

/** Characters that SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const INVALID = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export interface QueueSettings {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly retentionSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly maxMessageBytes: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

/** What somebody outside of the queue wants to know: the judge, CloudWatch, the event source mapping. */
export interface QueueListeners {
  readonly onExpired: (message: QueueMessage) => void;
  /** After more receives than the redrive policy has. */
  readonly onMoved: (message: QueueMessage, deadLetterArn: string) => void;
}

/** How often a standard queue hands out a message that it should not: at least once is all that it promises. */
const DUPLICATE_RATE = 1 / 20_000;
/** Messages near the head among which a receive chooses: order is best effort. */
const DISORDER = 16;

/** One standard queue. */
export class Queue {
  readonly settings: QueueSettings;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #listeners: QueueListeners;
  readonly #messages = new Map<string, QueueMessage>();
  readonly #byHandle = new Map<string, QueueMessage>();
  #visible: QueueMessage[] = [];
  #head = 0;
  /** Of the visible ones' places, those whose message is gone. */
  #void = 0;
  readonly #returning = new Heap<{ message: QueueMessage; at: number; version: number }>(
    (left, right) => left.at < right.at,
  );
  readonly #expiring = new Heap<QueueMessage>((left, right) => left.enqueuedAt < right.enqueuedAt);
  readonly #aging = new Heap<QueueMessage>((left, right) => left.sentAt < right.sentAt);
  readonly #waiters = new Set<() => void>();
  #wakeAt = Number.POSITIVE_INFINITY;
  #ids = 0;
  #inFlight = 0;
  #delayed = 0;

  constructor(settings: QueueSettings, clock: VirtualClock, random: Random, listeners: QueueListeners) {
    this.settings = settings;
    this.#clock = clock;
    this.#random = random;
    this.#listeners = listeners;
  }

  /** Everything that is there, whatever its state. */
  all(): Iterable<QueueMessage> {
    this.#promote();
    return this.#messages.values();
  }

  get depth(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#promote();
    return {
      visible: this.#visible.length - this.#head - this.#void,
      inFlight: this.#inFlight,
      delayed: this.#delayed,
    };
  }

  /**
   * `ApproximateAgeOfOldestMessage`, seconds. What was received three times or more and not deleted is left out:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  get ageSeconds(): number {
    this.#promote();
    for (let oldest = this.#aging.peek(); oldest !== undefined; oldest = this.#aging.peek()) {
      if (oldest.state !== "deleted" && oldest.receiveCount < 3)
        return (this.#clock.now - oldest.sentAt) / 1000;
      this.#aging.pop();
    }
    return 0;
  }

  /** @throws {AwsError} as `SendMessage` does */
  send(
    body: string,
    attributes: Readonly<Record<string, MessageAttributeValue>> = {},
    { delaySeconds = this.settings.delaySeconds, hops = 0 } = {},
  ): QueueMessage {
    this.#check(body, attributes, delaySeconds);
    return this.#add({ body, attributes, enqueuedAt: this.#clock.now, hops }, delaySeconds);
  }

  /** As the redrive policy moves a message: with the time of its first enqueue. */
  takeMoved(message: QueueMessage, movedFrom: string): QueueMessage {
    const { body, attributes, enqueuedAt, hops } = message;
    return this.#add({ body, attributes, enqueuedAt, hops, movedFrom }, 0);
  }

  /** Up to `count` messages that are visible now. @throws {AwsError} OverLimit */
  receive(count: number, visibilitySeconds = this.settings.visibilityTimeoutSeconds): QueueMessage[] {
    if (!Number.isInteger(count) || count < 1 || count > SQS_LIMITS.batch)
      throw new AwsError("InvalidParameterValue", `MaxNumberOfMessages ${count}`);
    checkVisibility(visibilitySeconds);
    this.#promote();
    if (this.#inFlight >= SQS_LIMITS.inFlight)
      throw new AwsError("OverLimit", "Too many messages in flight", 403);
    const received: QueueMessage[] = [];
    while (received.length < count && this.#head < this.#visible.length) {
      const message = this.#take();
      if (message.state === "deleted") {
        this.#void--;
        continue;
      }
      if (this.#isUsedUp(message)) continue;
      this.#hide(message, visibilitySeconds);
      received.push(message);
    }
    return received;
  }

  /** Calls `wake` once when a message is visible; at once where one is. @returns what takes the wait back */
  whenVisible(wake: () => void): () => void {
    this.#waiters.add(wake);
    if (this.depth.visible > 0) this.#wakeAll();
    else this.#watchReturns();
    return () => this.#waiters.delete(wake);
  }

  /** @returns false where the handle is of no message: SQS says nothing then */
  delete(handle: string): boolean {
    const message = this.#byHandle.get(handle);
    if (message === undefined) return false;
    // An old handle may still delete on a standard queue; now and then it does not.
    if (message.handle !== handle && this.#random.chance(0.5)) return true;
    this.#forget(message);
    return true;
  }

  /** @throws {AwsError} as `ChangeMessageVisibility` does */
  changeVisibility(handle: string, seconds: number): void {
    checkVisibility(seconds);
    const message = this.#byHandle.get(handle);
    if (message === undefined)
      throw new AwsError("ReceiptHandleIsInvalid", "The receipt handle is not valid");
    this.#promote();
    if (message.state !== "hidden") throw new AwsError("MessageNotInflight", "The message is not in flight");
    const total = (this.#clock.now - message.receivedAt) / 1000 + seconds;
    if (total > SQS_LIMITS.visibilitySeconds)
      throw new AwsError(
        "InvalidParameterValue",
        `Total VisibilityTimeout for the message is beyond the limit`,
      );
    if (seconds === 0) {
      this.#show(message);
      return;
    }
    message.visibleAt = this.#clock.now + seconds * 1000;
    this.#expectReturn(message);
  }

  #check(
    body: string,
    attributes: Readonly<Record<string, MessageAttributeValue>>,
    delaySeconds: number,
  ): void {
    const names = Object.keys(attributes);
    if (body === "") throw new AwsError("MissingParameter", "The message body is empty");
    if (INVALID.test(body))
      throw new AwsError("InvalidMessageContents", "The message holds invalid characters");
    if (names.length > SQS_LIMITS.attributes)
      throw new AwsError(
        "InvalidParameterValue",
        `Number of message attributes [${names.length}] exceeds the allowed maximum [10]`,
      );
    for (const [name, { StringValue, BinaryValue }] of Object.entries(attributes)) {
      if (StringValue === "" || (StringValue === undefined && BinaryValue === undefined))
        throw new AwsError("InvalidParameterValue", `The attribute ${name} is empty`);
      if (StringValue !== undefined && INVALID.test(StringValue))
        throw new AwsError("InvalidMessageContents", `The attribute ${name} holds invalid characters`);
    }
    const bytes = sizeOf(body, attributes);
    if (bytes > this.settings.maxMessageBytes)
      throw new AwsError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${this.settings.maxMessageBytes} bytes, not ${bytes}`,
      );
    if (delaySeconds < 0 || delaySeconds > SQS_LIMITS.delaySeconds)
      throw new AwsError("InvalidParameterValue", `DelaySeconds ${delaySeconds}`);
  }

  #add(
    given: Pick<QueueMessage, "body" | "attributes" | "enqueuedAt" | "hops"> & {
      readonly movedFrom?: string;
    },
    delaySeconds: number,
  ): QueueMessage {
    const id = `${this.settings.name}-${this.#ids++}`;
    const message: QueueMessage = {
      ...given,
      id,
      sentAt: this.#clock.now,
      receiveCount: 0,
      firstReceivedAt: undefined,
      receivedAt: 0,
      visibleAt: this.#clock.now + delaySeconds * 1000,
      version: 0,
      state: "delayed",
      handle: "",
    };
    this.#messages.set(id, message);
    this.#expiring.push(message);
    this.#aging.push(message);
    if (delaySeconds > 0) {
      this.#delayed++;
      this.#expectReturn(message);
    } else this.#show(message, "new");
    return message;
  }

  /** The next message in nearly the order in which they became visible. */
  #take(): QueueMessage {
    const window = Math.min(DISORDER, this.#visible.length - this.#head);
    const at = this.#head + this.#random.integer(0, window - 1);
    const message = this.#visible[at] as QueueMessage;
    this.#visible[at] = this.#visible[this.#head] as QueueMessage;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#visible.length) {
      this.#visible = this.#visible.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  /** Moves a message that has been received too often. */
  #isUsedUp(message: QueueMessage): boolean {
    const { redrive } = this.settings;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    this.#forget(message);
    this.#void--; // its place has been taken already
    this.#listeners.onMoved(message, redrive.deadLetterArn);
    return true;
  }

  #hide(message: QueueMessage, seconds: number): void {
    message.receiveCount++;
    message.firstReceivedAt ??= this.#clock.now;
    message.receivedAt = this.#clock.now;
    this.#byHandle.delete(message.handle);
    message.handle = `${message.id}#${message.receiveCount}`;
    this.#byHandle.set(message.handle, message);
    if (seconds === 0 || this.#random.chance(DUPLICATE_RATE)) {
      message.version++;
      this.#visible.push(message); // handed out, and there all the same
      return;
    }
    message.state = "hidden";
    this.#inFlight++;
    message.visibleAt = this.#clock.now + seconds * 1000;
    this.#expectReturn(message);
  }

  #expectReturn(message: QueueMessage): void {
    message.version++;
    this.#returning.push({ message, at: message.visibleAt, version: message.version });
    if (this.#waiters.size > 0) this.#watchReturns();
  }

  #show(message: QueueMessage, from: "new" | "waiting" = "waiting"): void {
    if (from === "waiting") {
      if (message.state === "hidden") this.#inFlight--;
      else if (message.state === "delayed") this.#delayed--;
    }
    message.version++;
    message.state = "visible";
    this.#visible.push(message);
    this.#wakeAll();
  }

  #forget(message: QueueMessage): void {
    if (message.state === "deleted") return;
    if (message.state === "hidden") this.#inFlight--;
    else if (message.state === "delayed") this.#delayed--;
    else this.#void++; // its place among the visible ones is passed over
    message.state = "deleted";
    message.version++;
    this.#messages.delete(message.id);
    this.#byHandle.delete(message.handle);
  }

  /** What is due by now: hidden messages come back, old ones are deleted, in silence. */
  #promote(): void {
    const { now } = this.#clock;
    for (
      let next = this.#returning.peek();
      next !== undefined && next.at <= now;
      next = this.#returning.peek()
    ) {
      this.#returning.pop();
      if (next.version === next.message.version) this.#show(next.message);
    }
    const oldest = now - this.settings.retentionSeconds * 1000;
    for (
      let next = this.#expiring.peek();
      next !== undefined && next.enqueuedAt <= oldest;
      next = this.#expiring.peek()
    ) {
      this.#expiring.pop();
      if (next.state === "deleted") continue;
      this.#forget(next);
      this.#listeners.onExpired(next);
    }
  }

  #wakeAll(): void {
    const waiting = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiting) wake();
  }

  /** Looks again when the next hidden message comes back, as long as somebody waits. */
  #watchReturns(): void {
    const next = this.#returning.peek();
    if (next === undefined || next.at >= this.#wakeAt) return;
    this.#wakeAt = next.at;
    this.#clock.after(next.at - this.#clock.now, () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#promote();
      if (this.#waiters.size > 0) this.#watchReturns();
    });
  }
}

function checkVisibility(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > SQS_LIMITS.visibilitySeconds)
    throw new AwsError("InvalidParameterValue", `VisibilityTimeout ${seconds}`);
}
