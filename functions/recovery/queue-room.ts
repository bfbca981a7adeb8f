import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Memory } from "./memory.ts";

/**
 * So many messages may wait on the main queue whatever is known of its pace: even one delivery in three seconds has
 * them done before half of a retention of four days.
 */
const ALWAYS_ROOM_FOR = 50_000;
/** Else as many as are delivered in so many seconds. */
const SECONDS_OF_DELIVERIES = 3_600;

/** How many messages a queue holds, as SQS approximates it. */
export interface QueueCount {
  readonly visible: number;
  /** Hidden or delayed. */
  readonly others: number;
}

export async function countMessages(sqs: SQSClient, queueUrl: string): Promise<QueueCount> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
      ],
    }),
  );
  const count = (name: keyof typeof attributes) => Number(attributes[name] ?? 0);
  return {
    visible: count("ApproximateNumberOfMessages"),
    others: count("ApproximateNumberOfMessagesNotVisible") + count("ApproximateNumberOfMessagesDelayed"),
  };
}

/**
 * How many more messages the main queue may be given: what is brought back faster than it is delivered would only
 * have to be parked again.
 */
export class QueueRoom {
  readonly #visible: number;
  readonly #at: number;
  #left: number;
  #sent = 0;

  constructor({ visible }: QueueCount, before: NonNullable<Memory["queue"]>["counted"], now: Date) {
    this.#visible = visible;
    this.#at = now.getTime();
    this.#left = Math.max(0, allowed(visible, before, now) - visible);
  }

  get isFull(): boolean {
    return this.#left <= 0;
  }

  /** So many are sent. A few more than there is room for do no harm. */
  take(count: number): void {
    this.#left -= count;
    this.#sent += count;
  }

  /** For the next run. */
  get counted(): NonNullable<NonNullable<Memory["queue"]>["counted"]> {
    return { at: this.#at, visible: this.#visible, sent: this.#sent };
  }
}

/** Arrivals in between are not known, so deliveries are rather underestimated. */
function allowed(visible: number, before: NonNullable<Memory["queue"]>["counted"], now: Date): number {
  if (before === undefined) return ALWAYS_ROOM_FOR;
  const seconds = (now.getTime() - before.at) / 1_000;
  const delivered = before.visible + before.sent - visible;
  if (seconds <= 0 || delivered <= 0) return ALWAYS_ROOM_FOR;
  return Math.max(ALWAYS_ROOM_FOR, Math.floor((delivered / seconds) * SECONDS_OF_DELIVERIES));
}
