import * as z from "zod/mini";
import { type HttpSource, httpSources, type SourceDefinitions, sourceDefinitions } from "../sources/index.ts";
import type { SourceDefinition } from "../sources/source.ts";
import { everySource, none, repeats, replays, sharedSecret, signature } from "./authentication.ts";

const parameterSegment = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_.-]{1,100}$/, "must be 1 to 100 letters, digits, dots, dashes or underscores"));

const signatureOrNone = z.discriminatedUnion("kind", [z.strictObject(signature), z.strictObject(none)]);
const sharedSecretOrNone = z.discriminatedUnion("kind", [z.strictObject(sharedSecret), z.strictObject(none)]);

const signedSource = z.strictObject({
  /** How a request proves itself; the secret's parameter is made by the stack. */
  authentication: signatureOrNone,
  ...everySource,
  ...repeats,
});
/** Nobody repeats a request of these: a data action is not tried again over HTTP. */
const sharedSecretSource = z.strictObject({
  /** How a request proves itself; the secret's parameter is made by the stack. */
  authentication: sharedSecretOrNone,
  ...everySource,
});
const integrationsSource = z.strictObject({
  /** By integration id: how a request of that integration proves itself. Others are refused. At least one. */
  integrations: z
    .record(parameterSegment, signatureOrNone)
    .check(
      z.refine((integrations) => Object.keys(integrations).length > 0, "needs at least one integration"),
    ),
  ...everySource,
  ...repeats,
  ...replays,
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
    .check(
      z.regex(
        /^aws\.partner\/genesys\.com\/cloud\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/,
        "must be the partner event source's name: aws.partner/genesys.com/cloud/<organisation>/<suffix>",
      ),
      z.maxLength(256, "EventBridge takes names of 256 characters"),
    ),
  /** The event types to take, `*` at the end for all that begin so. @default all that the integration sends */
  detailTypes: z.optional(
    z
      .array(z.string().check(z.regex(/^[^*]+\*?$/, "must be an event type, with a * at its end at most")))
      .check(z.minLength(1)),
  ),
});

/** The ways in: those over HTTP from the contract, and EventBridge. One that is absent does not exist in AWS. */
export const sources = z.strictObject({
  ...(Object.fromEntries(
    httpSources.map((source) => [source, z.optional(schemaOf(sourceDefinitions[source]))]),
  ) as { [S in HttpSource]: z.ZodMiniOptional<SourceSchema<SourceDefinitions[S]>> }),
  eventbridge: z.optional(eventBridge),
});
