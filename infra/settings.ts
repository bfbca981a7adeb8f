import * as z from "zod";
import {
  type HttpSource,
  httpSources,
  type SourceDefinitions,
  sourceDefinitions,
} from "../contract/sources/index.ts";
import type { SourceDefinition } from "../contract/sources/source.ts";

/**
 * What a team can set for an environment: shapes, defaults and units. Numbers are held to AWS's limits in
 * limits.ts and to each other in rules.ts, so that all findings come in one message.
 */

const parameterSegment = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}$/, "must be 1 to 100 letters, digits, dots, dashes or underscores");

/** An HMAC over the raw bytes in `X-Hub-Signature-256`. */
const signature = z.strictObject({
  kind: z.literal("signature"),
  /** How the sender writes the signature: Genesys `base64`, GitHub and its kin `hex`. @default "base64" */
  encoding: z.enum(["base64", "hex"]).default("base64"),
});
/** One fixed secret in `x-api-key` or `Authorization: Bearer`. */
const sharedSecret = z.strictObject({ kind: z.literal("shared-secret") });
/** Anybody may call. There is no default: it has to be spelled out, and warns at synth. */
const none = z.strictObject({ kind: z.literal("none") });

const source = {
  /** Dot path into the event (`detail.id`) whose value is the dedupe key. @default the source's own key */
  dedupePath: z.string().min(1).optional(),
};
const signedSource = z.strictObject({
  /** How a request proves itself; the secret's parameter is made by the stack. */
  authentication: z.discriminatedUnion("kind", [signature, none]),
  ...source,
});
const sharedSecretSource = z.strictObject({
  /** How a request proves itself; the secret's parameter is made by the stack. */
  authentication: z.discriminatedUnion("kind", [sharedSecret, none]),
  ...source,
});
const integrationsSource = z.strictObject({
  /** By integration id: how a request of that integration proves itself. Others are refused. At least one. */
  integrations: z
    .record(parameterSegment, z.discriminatedUnion("kind", [signature, none]))
    .refine((integrations) => Object.keys(integrations).length > 0, "needs at least one integration"),
  ...source,
});

/** What one source can have set, by how it authenticates. */
type SourceSchema<D extends SourceDefinition> = D extends { readonly integrationParameter: string }
  ? typeof integrationsSource
  : D extends { readonly authentication: "signature" }
    ? typeof signedSource
    : typeof sharedSecretSource;

function schemaOf({ integrationParameter, authentication }: SourceDefinition) {
  if (integrationParameter !== undefined) return integrationsSource;
  return authentication === "signature" ? signedSource : sharedSecretSource;
}

/** Genesys' EventBridge integration. Its events come through no API of ours, so there is no secret. */
const eventBridge = z.strictObject({
  /** The partner event source that the integration made: `aws.partner/genesys.com/cloud/<organisation>/<suffix>`. */
  partnerEventSource: z
    .string()
    .regex(
      /^aws\.partner\/genesys\.com\/cloud\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/,
      "must be the partner event source's name: aws.partner/genesys.com/cloud/<organisation>/<suffix>",
    )
    .max(256, "EventBridge takes names of 256 characters"),
  /** The event types to take, `*` at the end for all that begin so. @default all that the integration sends */
  detailTypes: z
    .array(z.string().regex(/^[^*]+\*?$/, "must be an event type, with a * at its end at most"))
    .min(1)
    .optional(),
});

/** The ways in: those over HTTP from the contract, and EventBridge. One that is absent does not exist in AWS. */
const sources = z.strictObject({
  ...(Object.fromEntries(
    httpSources.map((source) => [source, schemaOf(sourceDefinitions[source]).optional()]),
  ) as { [S in HttpSource]: z.ZodOptional<SourceSchema<SourceDefinitions[S]>> }),
  eventbridge: eventBridge.optional(),
});

/** A name of the team's own for the API, in place of AWS's, which is switched off then. */
const domain = z.strictObject({
  /** `events.example.com`. Its DNS record is made outside of the stack: the outputs say what it points to. */
  name: z.hostname("must be a host name such as events.example.com"),
  /** The name's certificate, issued by ACM in the environment's own region. */
  certificateArn: z.string().regex(/^arn:aws[a-z-]*:acm:/, "must be the ARN of a certificate in ACM"),
  /** Asks every client for a certificate too, before the receiver sees anything. @default none is asked for */
  mutualTls: z
    .strictObject({
      /** Where the certificates of those lie who may issue a client's: `s3://bucket/key`, one PEM file. */
      truststoreUri: z.string().regex(/^s3:\/\/[^/]+\/.+$/, "must be s3://bucket/key"),
      /** The file's version: without one, a changed file is not taken until something else changes. */
      truststoreVersion: z.string().min(1).optional(),
    })
    .optional(),
});

/** What the processor presents to the destination; the secret's parameter is made by the stack. */
const credentials = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("bearer") }),
  z.strictObject({
    kind: z.literal("api-key"),
    /** Name of the header that carries the key. @default "x-api-key" */
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, "must be a header name")
      .default("x-api-key"),
  }),
  /** The secret is `user:password`. */
  z.strictObject({ kind: z.literal("basic") }),
]);

const destination = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("http"),
    /** Where events are posted; https only. */
    url: z.url({ protocol: /^https$/, error: "must be an https URL" }),
    /** Seconds until an attempt counts as a transient failure; a batch in which every attempt takes so long has to fit in processor.timeoutSeconds, a probe in recovery.timeoutSeconds. @default 10 */
    timeoutSeconds: z.number().default(10),
    /** Bytes of an answer that are read before the attempt counts as failed. @default 65_536 */
    maxResponseBytes: z.number().default(65_536),
    /** Whether the host may resolve to a private, loopback or link-local address. @default false */
    allowPrivateAddresses: z.boolean().default(false),
    /** @default none are sent */
    credentials: credentials.optional(),
  }),
  /** The team's own code: `functions/processor/handlers/`. */
  z.strictObject({ kind: z.literal("handlers") }),
]);

const backend = z.discriminatedUnion("kind", [
  /** State in a file, for one person; the path is taken from the repository's root. */
  z.strictObject({ kind: z.literal("local"), path: z.string().min(1) }),
  /** State in S3, for a team; a lock file beside it keeps two runs apart. The bucket must exist. */
  z.strictObject({
    kind: z.literal("s3"),
    bucket: z.string().min(1),
    key: z.string().min(1),
    region: z.string().min(1),
  }),
]);

export const environmentSchema = z.strictObject({
  /** First part of every name. @default "genesys-events" */
  namePrefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes, a letter first")
    .default("genesys-events"),
  /** AWS region of everything, `eu-west-1` for one. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-west-1"),
  /** Tags on everything, beside `project` and `environment`. @default {} */
  tags: z.record(z.string(), z.string()).default({}),
  /** Where Terraform keeps this environment's state. */
  backend,
  /**
   * Whether its data may go with `destroy`, and whether numbers that lose events under a crash are taken:
   * true for a developer's own environment only. How another one is taken down on purpose: lifecycle.ts.
   * @default false
   */
  disposable: z.boolean().default(false),

  /** Lambda runtime of all functions; `nodejs24.x` needs AWS provider 6.21 or newer. @default "nodejs22.x" */
  runtime: z.enum(["nodejs22.x", "nodejs24.x"]).default("nodejs22.x"),
  /** What the functions log from. @default "INFO" */
  logLevel: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"),
  /** Days that logs are kept; one of CloudWatch's own values. @default 30 */
  logRetentionDays: z.number().default(30),
  /** Whether Lambda samples invocations and sends them to X-Ray as traces. @default false */
  tracing: z.boolean().default(false),
  /**
   * A KMS key of the team's own for queues, overflow bucket, secrets and logs. Its policy must let the region's
   * CloudWatch Logs use it, and `events.amazonaws.com` where EventBridge is a source.
   * @default each service's own, which costs nothing
   */
  encryptionKeyArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
      "must be a KMS key's ARN, not an alias",
    )
    .optional(),

  /** The ways in, and how each authenticates. One that is absent has no route. */
  sources,
  /** @default none: AWS's own, `https://<id>.execute-api.<region>.amazonaws.com` */
  domain: domain.optional(),
  /** Seconds between two reads of a secret from the parameter store. @default 300 */
  secretRefreshSeconds: z.number().default(300),
  /** Whom a browser may call us for, where an enabled source answers preflights. */
  cors: z
    .strictObject({
      /** Origins, `https://host` each, or `*`. @default ["*"] */
      allowOrigins: z.array(z.string().min(1)).min(1).default(["*"]),
    })
    .prefault({}),
  /** What the API takes before it answers 429, which Genesys retries. */
  throttling: z
    .strictObject({
      /** Requests a second, sustained. @default 1000 */
      ratePerSecond: z.number().default(1000),
      /** Requests at once. @default 2000 */
      burst: z.number().default(2000),
    })
    .prefault({}),

  receiver: z
    .strictObject({
      /** Seconds; Genesys waits 10. @default 10 */
      timeoutSeconds: z.number().default(10),
      /** Megabytes; CPU grows with it. @default 512 */
      memoryMegabytes: z.number().default(512),
      /**
       * Invocations at once that are this function's alone, and its most: for an account whose other functions
       * may use up the common pool, since an event that cannot be taken in is tried by Genesys for seconds only.
       * The processor has none: SQS would receive, be refused, and count that as an attempt. @default none
       */
      reservedConcurrency: z.number().optional(),
    })
    .prefault({}),
  /** What happens to an event that is too big for the queue. */
  onOversize: z
    .discriminatedUnion("kind", [
      /** It goes to the overflow bucket, whole. */
      z.strictObject({ kind: z.literal("claim-check") }),
      /** The tutorial's way: fields go, and the envelope says which. Claim check if that is not enough. */
      z.strictObject({
        kind: z.literal("drop-fields"),
        /** Dot paths to drop (`transcripts`, `detail.transcript`). At least one. */
        paths: z.array(z.string().min(1)).min(1),
      }),
    ])
    .default({ kind: "claim-check" }),

  queue: z
    .strictObject({
      /** Seconds that an event may wait; well under the dead-letter queue's, which counts from the same start. @default 345_600 (4 days) */
      retentionSeconds: z.number().default(345_600),
      /** Seconds before an event becomes visible at all. @default 0 */
      delaySeconds: z.number().default(0),
      /** Seconds that a received event stays hidden; at least 6 × the processor's timeout plus the batch window. @default 180 */
      visibilityTimeoutSeconds: z.number().default(180),
      /** Receives after which SQS itself moves an event to the dead-letter queue. At least 5 unless disposable. @default 5 */
      maxReceiveCount: z.number().default(5),
      /** Bytes of a message with its attributes. SQS takes 1,048,576, AWS provider 5.100 lets us set 262,144. @default 262_144 */
      maxMessageBytes: z.number().default(262_144),
    })
    .prefault({}),
  deadLetterQueue: z
    .strictObject({
      /** Seconds; counted from the event's first enqueue. @default 1_209_600 (14 days, SQS's maximum) */
      retentionSeconds: z.number().default(1_209_600),
    })
    .prefault({}),
  overflow: z
    .strictObject({
      /** Days that an event stays in the overflow bucket; must outlive both queues. @default 30 */
      expirationDays: z.number().default(30),
    })
    .prefault({}),

  processor: z
    .strictObject({
      /** Seconds for a whole batch. @default 30 */
      timeoutSeconds: z.number().default(30),
      /** Megabytes; CPU grows with it. @default 512 */
      memoryMegabytes: z.number().default(512),
      /** Events in one invocation at most. @default 10 */
      batchSize: z.number().default(10),
      /** Seconds that Lambda collects a batch; at least 1 for a batch over 10. @default 0 */
      batchWindowSeconds: z.number().default(0),
      /** Invocations at once: with batchConcurrency, what the destination has to bear. @default 10 */
      maximumConcurrency: z.number().default(10),
      /** Deliveries at once within one invocation. @default 5 */
      batchConcurrency: z.number().default(5),
    })
    .prefault({}),
  /** Pause before attempt n + 1: random up to `min(cap, base × factor^(n − 1))`. */
  backOff: z
    .strictObject({
      /** Seconds. @default 30 */
      baseSeconds: z.number().default(30),
      /** @default 4 */
      factor: z.number().default(4),
      /** Seconds. @default 900 */
      capSeconds: z.number().default(900),
    })
    .prefault({}),
  destination,

  idempotency: z
    .strictObject({
      /** Seconds during which the processor suppresses duplicates of a delivered event; 0: it does not. @default 86_400 */
      windowSeconds: z.number().default(86_400),
    })
    .prefault({}),
  /** When the processor stops consuming because the destination is down, and how recovery starts it again. */
  breaker: z
    .strictObject({
      /** Different events that have to fail in a row, in one execution environment. @default 5 */
      failingEvents: z.number().default(5),
      /** Seconds until the first probe; doubles with every probe that fails. @default 60 */
      probeBaseSeconds: z.number().default(60),
      /** Seconds; shorter than the queue keeps the events that wait. @default 900 */
      probeCapSeconds: z.number().default(900),
      /** Seconds without a failure after which half-open counts as closed. @default 120 */
      settleSeconds: z.number().default(120),
    })
    .prefault({}),
  recovery: z
    .strictObject({
      /** Seconds for one run, of which there is one a minute; at least 20 more than a delivery may take. @default 60 */
      timeoutSeconds: z.number().default(60),
      /** Megabytes. @default 256 */
      memoryMegabytes: z.number().default(256),
      /** How often one event is brought back from the dead-letter queue before it is left for a person. @default 3 */
      maxRedrives: z.number().default(3),
      /** Dead letters brought back a second. @default 10 */
      redrivesPerSecond: z.number().default(10),
    })
    .prefault({}),

  alarms: z
    .strictObject({
      /** Dead letters, visible and in flight, from which the alarm goes off. @default 1 */
      deadLetters: z.number().default(1),
      /** Seconds that an event may wait for its delivery. @default 900 */
      oldestEventSeconds: z.number().default(900),
      /** E-mail addresses that hear of it; each has to confirm once. @default [] */
      notify: z.array(z.email("must be an e-mail address")).default([]),
    })
    .prefault({}),
});

/** What environments.ts writes: only what differs from the defaults. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
/** What the stack reads: everything, defaults filled in. */
export type EnvironmentSettings = z.output<typeof environmentSchema>;
/** What is said of Genesys' EventBridge integration. */
export type EventBridgeSettings = NonNullable<EnvironmentSettings["sources"]["eventbridge"]>;
