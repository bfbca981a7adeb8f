import * as z from "zod/mini";
import { number } from "./number.ts";

const header = z.string().check(z.regex(/^[A-Za-z0-9-]+$/, "must be a header name"));

/** What the processor presents to the destination; the secret's parameter is made by the stack. */
export const credentials = {
  bearer: { kind: z.literal("bearer") },
  apiKey: {
    kind: z.literal("api-key"),
    /** Name of the header that carries the key. @default "x-api-key" */
    header: z._default(header, "x-api-key"),
  },
  /** The secret is `user:password`. */
  basic: { kind: z.literal("basic") },
};

/** How a delivery proves that it comes from here; the secret's parameter is made by the stack. */
export const signing = {
  /** `webhook-id`, `webhook-timestamp`, `webhook-signature`, as https://www.standardwebhooks.com says. */
  kind: z.literal("standard-webhooks"),
};

/** What the functions are told of an HTTP destination just as it is set; the rest they get in another form. */
export const http = {
  /**
   * Bytes of an answer's body that are read, for the excerpt that a person sees. Of a longer one the rest is
   * not read and its connection is closed; its status decides as that of any other. @default 65_536
   */
  maxResponseBytes: number({
    default: 65_536,
    minimum: 1,
    maximum: 6_291_456,
    unit: "bytes",
    source: "this pipeline",
  }),
  /** Whether the host may resolve to a private, loopback or link-local address. @default false */
  allowPrivateAddresses: z._default(z.boolean(), false),
};

/** What the functions are told in milliseconds. */
export const timing = {
  /** Seconds until an attempt counts as a transient failure; a batch in which every attempt takes so long has to fit in processor.timeoutSeconds, a probe in recovery.timeoutSeconds. @default 10 */
  timeoutSeconds: number({
    default: 10,
    minimum: 1,
    maximum: 880, // recovery has 900 for a run, and keeps 20 for all but its probe
    unit: "s",
    source: "this pipeline",
  }),
};

/** For one event in the team's own code. */
export const HANDLER_TIMEOUT_SECONDS = 10;

/** The team's own code: `functions/processor/handlers/`. */
export const handlers = { kind: z.literal("handlers") };

export const destination = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("http"),
    /** Where events are posted; https only. */
    url: z.url({ protocol: /^https$/, error: "must be an https URL" }),
    ...timing,
    ...http,
    /** @default none are sent */
    credentials: z.optional(
      z.discriminatedUnion("kind", [
        z.strictObject(credentials.bearer),
        z.strictObject(credentials.apiKey),
        z.strictObject(credentials.basic),
      ]),
    ),
    /** @default deliveries are not signed */
    signing: z.optional(z.strictObject(signing)),
  }),
  z.strictObject(handlers),
]);
