import * as z from "zod/mini";
import { number } from "./number.ts";

/** The ways in which a request proves itself. What the receiver is told of one has the place of its secret too. */

/** An HMAC over the raw bytes in `X-Hub-Signature-256`. */
export const signature = {
  kind: z.literal("signature"),
  /** How the sender writes the signature: Genesys `base64`, GitHub and its kin `hex`. @default "base64" */
  encoding: z._default(z.enum(["base64", "hex"]), "base64"),
};

/** One fixed secret in `x-api-key` or `Authorization: Bearer`. */
export const sharedSecret = { kind: z.literal("shared-secret") };

/** Anybody may call. There is no default: it has to be spelled out, and warns at synth. */
export const none = { kind: z.literal("none") };

/** What can be set for every source. */
export const everySource = {
  /**
   * Dot path into the event (`detail.id`) whose value names it: the same value and the same bytes are one event.
   * @default the source's own id; events without one are told apart by when they come
   */
  dedupePath: z.optional(z.string().check(z.minLength(1))),
};

/** What can be set for a source whose sender sends an event again that was not acknowledged. */
export const repeats = {
  /**
   * Seconds during which the same bytes without an id are one event, counted from the first: how long Genesys repeats
   * itself. Its six requests end within 85 s; the rest is for clocks that disagree. Later the same bytes are another
   * event. @default 120
   */
  retrySpanSeconds: number({ default: 120, minimum: 1, maximum: 3_600, unit: "s", source: "this pipeline" }),
};

/** What can be set for a source whose events say when they were sent, under their signature. */
export const replays = {
  /**
   * Seconds after an event was sent from which its arrival is told, by a warning and a metric: Genesys repeats itself
   * for 85 s, so that it may be a replay of what somebody has recorded. It is delivered all the same. @default 3_600
   */
  replayAgeSeconds: number({
    default: 3_600,
    minimum: 120,
    maximum: 31_536_000,
    unit: "s",
    source: "this pipeline",
  }),
};
