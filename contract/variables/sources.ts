import * as z from "zod/mini";
import { everySource, none, repeats, replays, sharedSecret, signature } from "../settings/authentication.ts";
import { httpSources } from "../sources/index.ts";
import { filled, filledIn, text } from "./variable.ts";

/** Holds `{"current": "…", "previous"?: "…"}`; only its name is ever configuration. */
const secretParameter = text;

const authentication = z.discriminatedUnion("kind", [
  filledIn({ ...signature, secretParameter }),
  filledIn({ ...sharedSecret, secretParameter }),
  filledIn(none),
]);

const source = z.object({
  source: z.enum(httpSources),
  /**
   * How a request proves itself. One entry under `""` for a source with one secret; for open-messaging one
   * entry for each integration id that may call.
   */
  authentication: z.record(z.string(), authentication),
  ...everySource,
  /** Absent where the sender never repeats itself. */
  retrySpanSeconds: z.optional(filled(repeats.retrySpanSeconds)),
  /** Absent where its events do not say when they were sent. */
  replayAgeSeconds: z.optional(filled(replays.replayAgeSeconds)),
});

/** The ways in over HTTP that are switched on. */
export const sources = z.readonly(z.array(source));

export type AuthenticationSettings = z.output<typeof authentication>;
export type SourceSettings = z.output<typeof source>;
