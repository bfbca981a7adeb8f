import * as z from "zod/mini";
import { memory } from "./functions.ts";
import { limited, number } from "./number.ts";

export const receiver = {
  /** Seconds; Genesys waits 10. @default 10 */
  timeoutSeconds: number({
    default: 10,
    minimum: 7, // it answers within 6 when neither queue nor bucket do
    maximum: 29, // the HTTP API gives up at 30
    unit: "s",
    source: "this pipeline and API Gateway",
  }),
  /** Megabytes; CPU grows with it. @default 512 */
  memoryMegabytes: number({ default: 512, ...memory }),
  /**
   * Invocations at once that are this function's alone, and its most: for an account whose other functions
   * may use up the common pool, since an event that cannot be taken in is tried by Genesys for seconds only.
   * The processor has none: SQS would receive, be refused, and count that as an attempt. @default none
   */
  reservedConcurrency: z.optional(
    limited({
      minimum: 1, // with 0 it would take no event in at all
      maximum: 10_000,
      unit: "invocations",
      source: "this pipeline; Lambda leaves 100 of the account's to the other functions",
    }),
  ),
};

export const onOversize = z.discriminatedUnion("kind", [
  /** It goes to the overflow bucket, whole. */
  z.strictObject({ kind: z.literal("claim-check") }),
  /** The tutorial's way: fields go, and the envelope says which. Claim check if that is not enough. */
  z.strictObject({
    kind: z.literal("drop-fields"),
    /** Dot paths to drop (`transcripts`, `detail.transcript`). At least one. */
    paths: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
  }),
]);

/** Of the secrets with which senders prove themselves. */
export const secrets = {
  /** Seconds between two reads of a secret from the parameter store. @default 300 */
  secretRefreshSeconds: number({
    default: 300,
    minimum: 1,
    maximum: 3_600,
    unit: "s",
    source: "this pipeline",
  }),
};
