import * as z from "zod/mini";
import { credentials, handlers, http, signing, timing } from "../settings/destination.ts";
import { converted, filledIn, text } from "./variable.ts";

const secretParameter = text;

const withSecret = z.discriminatedUnion("kind", [
  filledIn({ ...credentials.bearer, secretParameter }),
  filledIn({ ...credentials.apiKey, secretParameter }),
  filledIn({ ...credentials.basic, secretParameter }),
]);

const signingWithSecret = filledIn({ ...signing, secretParameter });

/** Where events are delivered, as the processor and recovery are told of it. */
export const destination = z.discriminatedUnion("kind", [
  filledIn({
    kind: z.literal("http"),
    /** Plain HTTP for the local run, whose destination is on the same machine. */
    url: z.url({ protocol: /^https?$/ }),
    timeoutMilliseconds: converted(timing.timeoutSeconds, "ms", (seconds) => seconds * 1_000),
    ...http,
    credentials: z.exactOptional(withSecret),
    signing: z.exactOptional(signingWithSecret),
  }),
  filledIn(handlers),
]);

export type SigningSettings = z.output<typeof signingWithSecret>;
export type CredentialsSettings = z.output<typeof withSecret>;
export type DestinationSettings = z.output<typeof destination>;
