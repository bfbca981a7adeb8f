import * as z from "zod/mini";
import { LARGEST_MESSAGE_BYTES } from "../message-size.ts";
import { limited, number } from "./number.ts";

/** Of a message with its attributes. */
export const messageBytes = limited({
  minimum: 8_192, // SQS's 1,024 leaves a claim check and a dead letter's reason no room
  maximum: LARGEST_MESSAGE_BYTES,
  unit: "bytes",
  source: "this pipeline and SQS",
});

export const queue = {
  /** Seconds that an event may wait; well under the dead-letter queue's, which counts from the same start. @default 345_600 (4 days) */
  retentionSeconds: number({
    default: 345_600,
    minimum: 60,
    maximum: 1_209_599, // SQS takes 1,209,600, but the dead-letter queue's has to be longer
    unit: "s",
    source: "this pipeline and SQS",
  }),
  /** Seconds before an event becomes visible at all. @default 0 */
  delaySeconds: number({ default: 0, minimum: 0, maximum: 900, unit: "s", source: "SQS" }),
  /** Seconds that a received event stays hidden; at least 6 × the processor's timeout plus the batch window. @default 180 */
  visibilityTimeoutSeconds: number({
    default: 180,
    minimum: 6, // six times the shortest timeout of the processor
    maximum: 43_200,
    unit: "s",
    source: "this pipeline and SQS",
  }),
  /** Receives after which SQS itself moves an event to the dead-letter queue. At least 5 unless disposable. @default 5 */
  maxReceiveCount: number({ default: 5, minimum: 1, maximum: 1_000, unit: "receives", source: "SQS" }),
  /**
   * Bytes of a message with its attributes; more than 262,144 need AWS provider 6.8 or newer, and the stack asks
   * for it then. @default as the sources need: 262,144, or 1,048,576 with EventBridge, whose events may be as big
   */
  maxMessageBytes: z.optional(messageBytes),
};

export const deadLetterQueue = {
  /** Seconds; counted from the event's first enqueue. @default 1_209_600 (14 days, SQS's maximum) */
  retentionSeconds: number({
    default: 1_209_600,
    minimum: 61, // SQS takes 60, but the queue's has to be shorter
    maximum: 1_209_600,
    unit: "s",
    source: "this pipeline and SQS",
  }),
};

export const overflow = {
  /**
   * Days that an event stays in the overflow bucket, spilled or parked; must outlive both queues. This is the term of
   * the promise: what nobody wants for so long is deleted, and an alarm comes at half of it. @default 365
   */
  expirationDays: number({ default: 365, minimum: 1, maximum: 3_650, unit: "days", source: "this pipeline" }),
  /** A bucket of the team's own, in the same region, that is told of every request to this one. @default none is */
  accessLogs: z.optional(
    z.strictObject({
      bucket: z.string().check(z.minLength(3)),
      /** What the logs' names begin with. @default namePrefix and environment, with a slash behind */
      prefix: z.optional(z.string()),
    }),
  ),
};
