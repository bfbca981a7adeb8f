import { defined } from "../defined.ts";
import type { Source } from "../sources/index.ts";
import { httpSources } from "../sources/index.ts";
import { isJsonObject, type JsonObject, text } from "../sources/source.ts";
import { utcTime } from "../sources/time.ts";
import { type ClaimCheck, readClaimCheck } from "./claim-check.ts";
import { sha256 } from "./envelope.ts";
import { PermanentError } from "./failure.ts";
import { bareName, bindToBytes, isBound, nameOfId } from "./identity.ts";
import { rawMember } from "./raw-json.ts";

const sources: readonly Source[] = [...httpSources, "eventbridge"];

/** A message from the queue, understood: what the processor delivers, whatever shape it came in. */
export interface QueuedEvent {
  /** Its `Idempotency-Key`. Two events never share one, whoever has put them on the queue: identity.ts */
  readonly id: string;
  readonly source: Source;
  /** The integration that has proved itself to the receiver; absent where the source has one sender. */
  readonly integrationId?: string;
  /** ISO 8601, UTC; absent where the producer did not say. */
  readonly receivedAt?: string;
  readonly eventType?: string;
  readonly conversationId?: string;
  /** The raw bytes, or where they lie and what they must hash to. */
  readonly body: { readonly bytes: Buffer } | ClaimCheck;
  /** How the raw bytes are encoded, where they are: `gzip`. */
  readonly contentEncoding?: string;
}

/**
 * Reads an SQS message body: our envelope, the tutorial's bare one (`received_at`, `webhook_id`,
 * `webhook_name`, `payload`), or a raw EventBridge event.
 *
 * @throws {PermanentError} when it is none of them: no later attempt would read it any better.
 */
export function readEnvelope(body: string): QueuedEvent {
  const message = parseObject(body);
  if (text(message["detail-type"]) && text(message["id"]) && "detail" in message) {
    return eventBridgeEvent(message, body);
  }
  if (message["payload_ref"] !== undefined) {
    const body = readClaimCheck(message);
    return { ...headOf(message, body.sha256), body };
  }
  if (!("payload" in message)) {
    throw new PermanentError(
      "The message is no envelope: it has neither payload nor payload_ref, and it is no EventBridge event.",
    );
  }
  const bytes = payloadBytes(message, body);
  return { ...headOf(message, sha256(bytes)), body: { bytes } };
}

function parseObject(body: string): JsonObject {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    throw new PermanentError("The message is not JSON.");
  }
  if (!isJsonObject(message)) throw new PermanentError("The message is JSON, but not an object.");
  return message;
}

function headOf(message: JsonObject, bytesSha256: string): Omit<QueuedEvent, "body"> {
  const payload = isJsonObject(message["payload"]) ? message["payload"] : {};
  const source = sources.find((source) => source === message["source"]) ?? "webhook";
  const id = text(message["id"]);
  // A bare envelope has no id. When it was sent is no part of what it says.
  const name = id === undefined ? bareName(source) : nameOfId(source, id);
  return {
    // Where fields were dropped, the id tells of the bytes that came, and these are what was left of them.
    id: "dropped_fields" in message && isBound(name) ? name : bindToBytes(name, bytesSha256),
    source,
    ...defined({
      receivedAt: utcTime(message["received_at"]),
      eventType: text(message["event_type"]) ?? text(payload["eventType"]),
      conversationId: text(message["conversation_id"]) ?? text(payload["conversationId"]),
      integrationId: text(message["integration_id"]),
      contentEncoding: text(message["content_encoding"]),
    }),
  };
}

function eventBridgeEvent(message: JsonObject, body: string): QueuedEvent {
  const detail = isJsonObject(message["detail"]) ? message["detail"] : {};
  const eventBody = isJsonObject(detail["eventBody"]) ? detail["eventBody"] : {};
  return {
    id: bindToBytes(nameOfId("eventbridge", text(message["id"]) ?? ""), sha256(body)),
    source: "eventbridge",
    ...defined({
      receivedAt: utcTime(message["time"]),
      eventType: text(message["detail-type"]),
      conversationId: text(eventBody["conversationId"]),
    }),
    body: { bytes: Buffer.from(body) },
  };
}

function payloadBytes(message: JsonObject, body: string): Buffer {
  const base64 = message["payload_base64"];
  if (typeof base64 === "string") return Buffer.from(base64, "base64"); // an empty one is an event of no bytes
  const raw = rawMember(body, "payload") ?? "";
  // Our own envelope holds the event between colon and brace to the byte, white space included. In a bare
  // one the space behind the colon belongs to whoever wrote the JSON.
  return Buffer.from(sha256(raw) === message["body_sha256"] ? raw : raw.trim());
}
