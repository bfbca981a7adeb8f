/** Bytes of a message that every version of the AWS provider lets a queue take, and the default. */
export const ORDINARY_MESSAGE_BYTES = 262_144;

/**
 * Bytes of a message that SQS takes at most, and of an event that EventBridge takes since January 2026:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export const LARGEST_MESSAGE_BYTES = 1_048_576;

/** Bytes of a message with its attributes, as both queues take it: what is set, or what the sources need. */
export function maxMessageBytesOf({
  queue,
  sources,
}: {
  readonly queue: { readonly maxMessageBytes?: number | undefined };
  readonly sources: { readonly eventbridge?: object | undefined };
}): number {
  if (queue.maxMessageBytes !== undefined) return queue.maxMessageBytes;
  return sources.eventbridge === undefined ? ORDINARY_MESSAGE_BYTES : LARGEST_MESSAGE_BYTES;
}

/**
 * Bytes of the queue's message size that the receiver leaves free. A dead letter is the same message with
 * its reason in ten attributes at most, 500 characters the longest: it must still fit its queue.
 */
export const MESSAGE_HEADROOM_BYTES = 4_096;
