import { defined } from "../../contract/defined.ts";
import { type EnvelopeHead, sha256 } from "../../contract/event/envelope.ts";
import { bindToBytes, givenName, repeatedName, uniqueName } from "../../contract/event/identity.ts";
import { valueAtPath } from "../../contract/event/raw-json.ts";
import { decodeUtf8, parseEvent } from "../../contract/event/write-envelope.ts";
import { sourceDefinitions } from "../../contract/sources/index.ts";
import { type EventFacts, isJsonObject, type JsonObject } from "../../contract/sources/source.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";

/** An authenticated event, looked at: its envelope's head, and what is wrong with it if it is malformed. */
export interface DescribedEvent {
  readonly head: EnvelopeHead;
  readonly malformed?: string;
  /** Malformed, because it is no JSON at all. */
  readonly isUnreadable?: true;
  /** Another integration of this environment, which the event claims to come from. */
  readonly otherIntegration?: string;
}

/** How an event came. */
export interface Arrival {
  readonly receivedAt: Date;
  /** The integration that has proved itself, where a source has several. */
  readonly integration?: string;
  /** A text that no other request has. */
  readonly uuid: string;
}

/** Never throws: what cannot be read is malformed, and is kept all the same. */
export function describe(bytes: Buffer, settings: SourceSettings, arrival: Arrival): DescribedEvent {
  const parsed = parseEvent(bytes);
  const facts = parsed && isJsonObject(parsed.json) ? factsOf(parsed.json, settings) : undefined;
  const head = headOf(bytes, settings, arrival, facts);
  if (facts) return { head, ...defined({ otherIntegration: otherIntegration(facts, settings, arrival) }) };
  if (parsed) return { head, malformed: `JSON, but no ${settings.source} event.` };
  return { head, malformed: "Not JSON in UTF-8.", isUnreadable: true };
}

function factsOf(event: JsonObject, settings: SourceSettings): EventFacts | undefined {
  try {
    return sourceDefinitions[settings.source].describe(event);
  } catch {
    return undefined; // a source's slip must not cost an event
  }
}

function headOf(
  bytes: Buffer,
  settings: SourceSettings,
  arrival: Arrival,
  facts: EventFacts | undefined,
): EnvelopeHead {
  const bodySha256 = sha256(bytes);
  return {
    version: 1,
    id: bindToBytes(nameOf(bytes, settings, arrival, facts), bodySha256),
    source: settings.source,
    ...defined({ integration_id: arrival.integration }),
    received_at: arrival.receivedAt.toISOString(),
    webhook_id: short(facts?.webhookId),
    webhook_name: short(facts?.webhookName),
    event_type: short(facts?.eventType),
    conversation_id: short(facts?.conversationId),
    occurred_at: short(facts?.occurredAt),
    body_sha256: bodySha256,
  };
}

/** The proof decides whose an event is. What it says of that is compared, so that somebody hears of it. */
function otherIntegration(
  { claimedIntegrations = [] }: EventFacts,
  { authentication }: SourceSettings,
  { integration }: Arrival,
): string | undefined {
  if (integration === undefined || claimedIntegrations.includes(integration)) return undefined;
  return claimedIntegrations.find((claimed) => Object.hasOwn(authentication, claimed));
}

/** Given by the sender, or made: contract/event/identity.ts. */
function nameOf(
  bytes: Buffer,
  { source, dedupePath, retrySpanSeconds }: SourceSettings,
  { receivedAt, integration, uuid }: Arrival,
  facts: EventFacts | undefined,
): string {
  const configured = facts === undefined || dedupePath === undefined ? undefined : valueAt(bytes, dedupePath);
  const given = configured === undefined ? facts?.identity : [configured];
  const ofSender = integration === undefined ? [] : [integration];
  if (given !== undefined) return givenName(source, [...ofSender, ...given]);
  if (retrySpanSeconds === undefined) return uniqueName(source, uuid);
  return repeatedName(source, ofSender, receivedAt, retrySpanSeconds);
}

function valueAt(bytes: Buffer, path: string) {
  return valueAtPath((decodeUtf8(bytes) ?? "").replace(/^\uFEFF/, ""), path) || undefined;
}

const MAX_FACT_CHARACTERS = 256; // a head has to fit the queue whatever the event says; the event itself is whole

function short(fact: string | undefined): string | null {
  return fact?.slice(0, MAX_FACT_CHARACTERS).toWellFormed() ?? null;
}
