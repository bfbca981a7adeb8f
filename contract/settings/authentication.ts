import * as z from "zod/mini";

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
  /** Dot path into the event (`detail.id`) whose value is the dedupe key. @default the source's own key */
  dedupePath: z.optional(z.string().check(z.minLength(1))),
};
