import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { VirtualClock } from "../clock.ts";
import { Heap } from "../heap.ts";
import type { Random } from "../random.ts";
import { AwsError } from "./errors.ts";
import { checkMessage, checkNumber, checkVisibility, SQS_LIMITS } from "./sqs-limits.ts";
import type { QueueMessage } from "./sqs-message.ts";

export interface QueueSettings {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly retentionSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  /** Of a receive that names no time of its own: a long poll where it is above 0. */
  readonly receiveWaitSeconds: number;
  readonly maxMessageBytes: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

/** What somebody outside of the queue wants to know: the judge, CloudWatch, the event source mapping. */
export interface QueueListeners {
  readonly onExpired: (message: QueueMessage) => void;
  /** After more receives than the redrive policy has. */
  readonly onMoved: (message: QueueMessage, deadLetterArn: string) => void;
}

/**
 * How often a standard queue hands out a message and does not hide it, and how often one that was deleted is still
 * there: at least once is all that it promises.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
const DUPLICATE_RATE = 1 / 20_000;
/**
 * How often a receive gets less than there is. A short poll asks some of the servers only, and may come back empty;
 * a long one asks all, and comes back with what the first of them has.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const SPARSE_RATE = 1 / 20;
/** From so many receives on the age metric leaves a message out. */
const POISON_RECEIVES = 3;
/** Messages near the head among which a receive chooses: order is best effort. */
const DISORDER = 16;

/** `all`: without chance, for what SQS does itself. */
export type Poll = "short" | "long" | "all";

/** One standard queue. */
export class Queue {
  readonly settings: QueueSettings;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #listeners: QueueListeners;
  readonly #messages = new Map<string, QueueMessage>();
  #visible: QueueMessage[] = [];
  #head = 0;
  /** Of the visible ones' places, those whose message is gone. */
  #void = 0;
  readonly #returning = new Heap<{ message: QueueMessage; at: number; version: number }>(
    (left, right) => left.at < right.at,
  );
  readonly #expiring = new Heap<QueueMessage>((left, right) => left.enqueuedAt < right.enqueuedAt);
  readonly #aging = new Heap<QueueMessage>((left, right) => left.arrivedAt < right.arrivedAt);
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
      if (oldest.state !== "deleted" && oldest.receivesHere < POISON_RECEIVES)
        return (this.#clock.now - oldest.arrivedAt) / 1000;
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
    checkMessage(body, attributes, delaySeconds, this.settings.maxMessageBytes);
    const id = `${this.settings.name}-${this.#ids++}`;
    const fresh = { receiveCount: 0, firstReceivedAt: undefined };
    return this.#add({ id, body, attributes, enqueuedAt: this.#clock.now, hops, ...fresh }, delaySeconds);
  }

  /** As the redrive policy moves a message: the same one, with the time of its first enqueue. */
  takeMoved(message: QueueMessage, movedFrom: string): QueueMessage {
    const { id, body, attributes, enqueuedAt, hops, receiveCount, firstReceivedAt } = message;
    return this.#add({ id, body, attributes, enqueuedAt, hops, receiveCount, firstReceivedAt, movedFrom }, 0);
  }

  /**
   * Up to `count` messages that are visible now.
   *
   * @throws {AwsError} OverLimit, with too many in flight: of a short poll only, a long one gets nothing then
   */
  receive(
    count: number,
    visibilitySeconds = this.settings.visibilityTimeoutSeconds,
    poll: Poll = "long",
  ): QueueMessage[] {
    checkNumber("MaxNumberOfMessages", count, 1, SQS_LIMITS.batch);
    checkVisibility(visibilitySeconds);
    this.#promote();
    if (this.#inFlight >= SQS_LIMITS.inFlight) {
      if (poll === "long") return [];
      throw new AwsError("OverLimit", "Too many messages in flight", 403);
    }
    const wanted = this.#sampled(count, poll);
    const received: QueueMessage[] = [];
    const shown: QueueMessage[] = [];
    while (received.length < wanted && this.#head < this.#visible.length) {
      const message = this.#take();
      if (message.state === "deleted") {
        this.#void--;
        continue;
      }
      if (this.#isUsedUp(message)) continue;
      if (!this.#hide(message, visibilitySeconds)) shown.push(message);
      received.push(message);
    }
    for (const message of shown) this.#show(message, "new"); // now: a receive has none of them twice
    return received;
  }

  #sampled(count: number, poll: Poll): number {
    if (poll === "all" || !this.#random.chance(SPARSE_RATE)) return count;
    return this.#random.integer(poll === "long" ? 1 : 0, count);
  }

  /** Calls `wake` once when a message is visible; at once where one is. @returns what takes the wait back */
  whenVisible(wake: () => void): () => void {
    this.#waiters.add(wake);
    if (this.depth.visible > 0) this.#wakeAll();
    else this.#watchReturns();
    return () => this.#waiters.delete(wake);
  }

  /**
   * A handle of nothing that is there is no error to SQS, as long as it is one.
   *
   * @throws {AwsError} ReceiptHandleIsInvalid
   */
  delete(handle: string): void {
    const message = this.#find(handle);
    if (message === undefined) return;
    // An older receive's handle may still delete on a standard queue, and may not.
    if (message.handle !== handle && this.#random.chance(0.5)) return;
    if (message.state === "hidden" && this.#random.chance(DUPLICATE_RATE)) return; // a copy comes back
    this.#forget(message);
  }

  /** @throws {AwsError} as `ChangeMessageVisibility` does: the total since the receive is what has a limit */
  changeVisibility(handle: string, seconds: number): void {
    checkVisibility(seconds);
    this.#promote();
    const message = this.#find(handle);
    if (message === undefined || message.handle !== handle || message.state !== "hidden")
      throw new AwsError(
        "MessageNotInflight",
        "Message does not exist or is not available for visibility timeout change.",
      );
    const total = (this.#clock.now - message.receivedAt) / 1000 + seconds;
    if (total > SQS_LIMITS.visibilitySeconds)
      throw new AwsError(
        "InvalidParameterValue",
        `Total VisibilityTimeout for the message is beyond the limit [${SQS_LIMITS.visibilitySeconds} seconds]`,
      );
    if (seconds === 0) {
      this.#show(message);
      return;
    }
    message.visibleAt = this.#clock.now + seconds * 1000;
    this.#expectReturn(message);
  }

  #find(handle: string): QueueMessage | undefined {
    const [, id = ""] = /^(.+)#\d+$/.exec(handle) ?? [];
    if (id === "") throw new AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
    return this.#messages.get(id);
  }

  #add(
    given: Pick<
      QueueMessage,
      "id" | "body" | "attributes" | "enqueuedAt" | "hops" | "receiveCount" | "firstReceivedAt"
    > & { readonly movedFrom?: string },
    delaySeconds: number,
  ): QueueMessage {
    const message: QueueMessage = {
      ...given,
      arrivedAt: this.#clock.now,
      receivesHere: 0,
      receivedAt: 0,
      visibleAt: this.#clock.now + delaySeconds * 1000,
      version: 0,
      state: "delayed",
      handle: "",
    };
    this.#messages.set(message.id, message);
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
    if (redrive === undefined || message.receivesHere < redrive.maxReceiveCount) return false;
    this.#forget(message);
    this.#void--; // its place has been taken already
    this.#listeners.onMoved(message, redrive.deadLetterArn);
    return true;
  }

  /** @returns false where it stays visible all the same: for no seconds, or by a server that knows nothing of it */
  #hide(message: QueueMessage, seconds: number): boolean {
    message.receiveCount++;
    message.receivesHere++;
    message.firstReceivedAt ??= this.#clock.now;
    message.receivedAt = this.#clock.now;
    message.handle = `${message.id}#${message.receiveCount}`;
    if (seconds === 0 || this.#random.chance(DUPLICATE_RATE)) return false;
    message.state = "hidden";
    this.#inFlight++;
    message.visibleAt = this.#clock.now + seconds * 1000;
    this.#expectReturn(message);
    return true;
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
