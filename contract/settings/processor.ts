import * as z from "zod/mini";
import { memory } from "./functions.ts";
import { limited, number } from "./number.ts";

export const processor = {
  /** Seconds for a whole batch. @default 30 */
  timeoutSeconds: number({ default: 30, minimum: 1, maximum: 900, unit: "s", source: "Lambda" }),
  /** Megabytes; CPU grows with it. @default 512 */
  memoryMegabytes: number({ default: 512, ...memory }),
  /**
   * Events that Lambda hands an invocation at most. One that gets ten takes more from the queue itself while a backlog
   * lasts; below ten none does. @default 10
   */
  batchSize: number({ default: 10, minimum: 1, maximum: 10_000, unit: "events", source: "Lambda" }),
  /** Seconds that Lambda collects a batch; at least 1 for a batch over 10. @default 0 */
  batchWindowSeconds: number({ default: 0, minimum: 0, maximum: 300, unit: "s", source: "Lambda" }),
  /** Invocations at once: with batchConcurrency, what the destination has to bear. @default 10 */
  maximumConcurrency: number({
    default: 10,
    minimum: 2,
    maximum: 1_000,
    unit: "invocations",
    source: "Lambda",
  }),
  /** Deliveries at once within one invocation. @default 5 */
  batchConcurrency: number({
    default: 5,
    minimum: 1,
    maximum: 1_000,
    unit: "deliveries",
    source: "this pipeline",
  }),
  /**
   * Deliveries a second over all invocations, where the destination takes no more. Each invocation has an equal share of
   * it, so a batch must not hold more than that share gets through in processor.timeoutSeconds. @default as fast as it
   * answers
   */
  deliveriesPerSecond: z.optional(
    limited({
      minimum: 0.1,
      maximum: 100_000,
      unit: "deliveries a second",
      source: "this pipeline",
      fractional: true,
    }),
  ),
};

export const backOff = {
  /** Seconds. @default 30 */
  baseSeconds: number({
    default: 30,
    minimum: 1,
    maximum: 43_200,
    unit: "s",
    source: "SQS's visibility timeout",
  }),
  /** @default 4 */
  factor: number({
    default: 4,
    minimum: 1,
    maximum: 10,
    unit: "times",
    source: "this pipeline",
    fractional: true,
  }),
  /** Seconds. @default 900 */
  capSeconds: number({
    default: 900,
    minimum: 1,
    maximum: 43_200,
    unit: "s",
    source: "SQS's visibility timeout",
  }),
  /**
   * Seconds that one answer's `Retry-After` defers an event at most: a far one is more often a mistake, or somebody
   * who speaks for the destination, than a plan. @default 3_600
   */
  retryAfterCapSeconds: number({
    default: 3_600,
    minimum: 1,
    maximum: 43_200,
    unit: "s",
    source: "SQS's visibility timeout",
  }),
};

export const idempotency = {
  /**
   * Seconds during which the processor suppresses duplicates of a delivered event. 0: it does not, and a webhook that
   * Genesys repeats may come under two keys. @default 86_400
   */
  windowSeconds: number({
    default: 86_400,
    minimum: 0,
    maximum: 31_536_000,
    unit: "s",
    source: "this pipeline",
  }),
};
