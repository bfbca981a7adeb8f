import * as z from "zod/mini";
import { alarms } from "./alarms.ts";
import { cors, domain, throttling } from "./api.ts";
import { backend } from "./backend.ts";
import { breaker } from "./breaker.ts";
import { company } from "./company.ts";
import { destination } from "./destination.ts";
import { everyFunction } from "./functions.ts";
import { backOff, idempotency, processor } from "./processor.ts";
import { deadLetterQueue, overflow, queue } from "./queues.ts";
import { onOversize, receiver, secrets } from "./receiver.ts";
import { recovery } from "./recovery.ts";
import { sources } from "./sources.ts";

/** Settings of which every one may be left out, and therefore all of them together. */
const section = <S extends Readonly<Record<string, z.ZodMiniDefault | z.ZodMiniOptional>>>(shape: S) =>
  z.prefault(z.strictObject(shape), {} as z.input<z.ZodMiniObject<S, z.core.$strict>>);

const keyArn = z
  .string()
  .check(
    z.regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
      "must be a KMS key's ARN, not an alias",
    ),
  );

/**
 * What a team can set for an environment. Each setting is declared once, here or in the file of its section:
 * shape, default, unit, limit and meaning. Rules between settings stand in `infra/rules.ts`, what a function
 * gets of them in `contract/variables/`.
 */
export const environmentSchema = z.strictObject({
  /** First part of every name. @default "genesys-events" */
  namePrefix: z._default(
    z
      .string()
      .check(z.regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes, a letter first")),
    "genesys-events",
  ),
  /** AWS region of everything, `eu-west-1` for one. */
  region: z.string().check(z.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-west-1")),
  /** Tags on everything, beside `project` and `environment`. @default {} */
  tags: z._default(z.record(z.string(), z.string()), {}),
  /** Where Terraform keeps this environment's state. */
  backend,
  /**
   * Whether its data may go with `destroy`, and whether numbers that lose events under a crash are taken:
   * true for a developer's own environment only. How another one is taken down on purpose: infra/lifecycle.ts.
   * @default false
   */
  disposable: z._default(z.boolean(), false),

  ...company,
  ...everyFunction,
  /**
   * A KMS key of the team's own for queues, overflow bucket, secrets and logs. Its policy must let the region's
   * CloudWatch Logs use it, and `events.amazonaws.com` where EventBridge is a source.
   * @default each service's own, which costs nothing
   */
  encryptionKeyArn: z.optional(keyArn),
  /**
   * Keys that were `encryptionKeyArn` before: the functions may read with them what still lies there. Keep one until
   * nothing does, which takes overflow.expirationDays and 60 days more. @default []
   */
  formerEncryptionKeyArns: z._default(z.array(keyArn), []),
  /**
   * Whether `encryptionKeyArn` also encrypts what holds no event: the state table (ids and times) and the functions'
   * variables (names and numbers). DynamoDB then asks KMS, which costs $0.03 for 10,000 requests. @default false
   */
  encryptTableAndVariables: z._default(z.boolean(), false),

  /** The ways in, and how each authenticates. One that is absent has no route. */
  sources,
  /** @default none: AWS's own, `https://<id>.execute-api.<region>.amazonaws.com` */
  domain: z.optional(domain),
  ...secrets,
  /** Whom a browser may call us for, where an enabled source answers preflights. */
  cors: section(cors),
  /** What the API takes before it answers 429, which Genesys retries. */
  throttling: section(throttling),

  receiver: section(receiver),
  /** What happens to an event that is too big for the queue. @default { kind: "claim-check" } */
  onOversize: z._default(onOversize, { kind: "claim-check" }),

  queue: section(queue),
  deadLetterQueue: section(deadLetterQueue),
  overflow: section(overflow),

  processor: section(processor),
  /** Pause before attempt n + 1: random up to `min(cap, base × factor^(n − 1))`. */
  backOff: section(backOff),
  /** Where events are delivered. */
  destination,
  idempotency: section(idempotency),
  /** When the processor stops consuming because the destination is down, and how recovery starts it again. */
  breaker: section(breaker),
  recovery: section(recovery),
  alarms: section(alarms),
});

/** What environments.ts writes: only what differs from the defaults. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
/** What the stack reads: everything, defaults filled in. */
export type EnvironmentSettings = z.output<typeof environmentSchema>;
