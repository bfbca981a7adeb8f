import * as z from "zod/mini";
import { limited, number } from "./number.ts";

/** A name of the team's own for the API, in place of AWS's, which is switched off then. */
export const domain = z.strictObject({
  /** `events.example.com`. Its DNS record is made outside of the stack: the outputs say what it points to. */
  name: z.hostname("must be a host name such as events.example.com"),
  /** The name's certificate, issued by ACM in the environment's own region. */
  certificateArn: z
    .string()
    .check(z.regex(/^arn:aws[a-z-]*:acm:/, "must be the ARN of a certificate in ACM")),
  /**
   * Whether AWS's own name leads to the API too, as long as Genesys still posts there. Beside mutual TLS it is a way
   * around that. @default false
   */
  keepAwsName: z._default(z.boolean(), false),
  /** Asks every client for a certificate too, before the receiver sees anything. @default none is asked for */
  mutualTls: z.optional(
    z.strictObject({
      /** Where the certificates of those lie who may issue a client's: `s3://bucket/key`, one PEM file. */
      truststoreUri: z.string().check(z.regex(/^s3:\/\/[^/]+\/.+$/, "must be s3://bucket/key")),
      /** The file's version: without one, a changed file is not taken until something else changes. */
      truststoreVersion: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
});

export const cors = {
  /** Origins, `https://host` each, or `*`. @default ["*"] */
  allowOrigins: z._default(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)), ["*"]),
};

const ACCOUNT = "API Gateway's account default";
const rate = { minimum: 1, maximum: 10_000, unit: "requests a second", source: ACCOUNT };
const burst = { minimum: 1, maximum: 5_000, unit: "requests", source: ACCOUNT };

export const throttling = {
  /** Requests a second, sustained. @default 1_000 */
  ratePerSecond: number({ default: 1_000, ...rate }),
  /** Requests at once. @default 2_000 */
  burst: number({ default: 2_000, ...burst }),
};

/** What one source's route takes: its flood then leaves the others theirs. */
export const routeThrottling = {
  /** @default each source has as much as `throttling` says, for itself */
  throttling: z.optional(
    z.strictObject({
      /** Requests a second, sustained. @default that of `throttling` */
      ratePerSecond: z.optional(limited(rate)),
      /** Requests at once. @default that of `throttling` */
      burst: z.optional(limited(burst)),
    }),
  ),
};
