/**
 * Bytes of the queue's message size that the receiver leaves free. A dead letter is the same message with
 * its reason in ten attributes at most, 500 characters the longest: it must still fit its queue.
 */
export const MESSAGE_HEADROOM_BYTES = 4_096;
