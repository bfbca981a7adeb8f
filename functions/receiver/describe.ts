import { type EnvelopeHead, sha256 } from "../../contract/event/envelope.ts";
import { textAtPath } from "../../contract/event/raw-json.ts";
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
}

/** Never throws: what cannot be read is malformed, and is kept all the same. */
export function describe(bytes: Buffer, settings: SourceSettings, receivedAt: Date): DescribedEvent {
  const parsed = parseEvent(bytes);
  const facts = parsed && isJsonObject(parsed.json) ? factsOf(parsed.json, settings) : undefined;
  const head = headOf(bytes, settings, receivedAt, facts);
  if (facts) return { head };
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
  receivedAt: Date,
  facts: EventFacts | undefined,
): EnvelopeHead {
  return {
    version: 1,
    id: facts ? eventId(bytes, settings, facts) : bodyId(bytes, settings),
    source: settings.source,
    received_at: receivedAt.toISOString(),
    webhook_id: short(facts?.webhookId),
    webhook_name: short(facts?.webhookName),
    event_type: short(facts?.eventType),
    conversation_id: short(facts?.conversationId),
    occurred_at: short(facts?.occurredAt),
    body_sha256: sha256(bytes),
  };
}

function eventId(bytes: Buffer, settings: SourceSettings, facts: EventFacts): string {
  const configured = settings.dedupePath === undefined ? undefined : valueAt(bytes, settings.dedupePath);
  // Two sources may well count from one: a configured key is only ever unique within its own.
  const key = configured === undefined ? facts.key : `${settings.source}|${configured}`;
  return key === undefined ? bodyId(bytes, settings) : safe(key);
}

function valueAt(bytes: Buffer, path: string): string | undefined {
  return textAtPath((decodeUtf8(bytes) ?? "").replace(/^\uFEFF/, ""), path) || undefined;
}

function bodyId(bytes: Buffer, { source }: SourceSettings): string {
  return sha256(Buffer.concat([Buffer.from(`${source}\n`), bytes]));
}

/** Fit for an SQS attribute, an HTTP header and a log line as it is: anything else goes by its hash. */
function safe(key: string): string {
  return /^[!-~]{1,200}$/.test(key) ? key : sha256(key);
}

const MAX_FACT_CHARACTERS = 256; // a head has to fit the queue whatever the event says; the event itself is whole

function short(fact: string | undefined): string | null {
  return fact?.slice(0, MAX_FACT_CHARACTERS).toWellFormed() ?? null;
}
