import type { EnvelopeHead, PayloadRef } from "./envelope.ts";
import { escapeForbidden, isMessageText } from "./message-text.ts";

const BYTE_ORDER_MARK = "\uFEFF";
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The event's text, or `undefined` where its bytes are not UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The parsed event, or `undefined` where it is not JSON. A byte order mark is no part of the JSON. */
export function parseEvent(bytes: Uint8Array): { readonly json: unknown } | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    return { json: JSON.parse(withoutByteOrderMark(text)) };
  } catch {
    return undefined;
  }
}

/**
 * An envelope that carries its event. JSON goes in as the very text that came, never parsed and written
 * again. Where that text cannot travel as it is (a byte order mark, U+FFFE or U+FFFF, not JSON at all), the
 * raw bytes ride along as `payload_base64`, and `payload` is the same JSON in characters that SQS takes, or
 * `null` where there is none.
 */
export function envelopeWithPayload(head: EnvelopeHead, bytes: Uint8Array): string {
  const text = parseEvent(bytes) ? decodeUtf8(bytes) : undefined;
  if (text !== undefined && isMessageText(text) && !text.startsWith(BYTE_ORDER_MARK)) {
    return withMembers(head, `"payload":${text}`);
  }
  const payload = text === undefined ? "null" : escapeForbidden(withoutByteOrderMark(text));
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return withMembers(head, `"payload_base64":"${base64}","payload":${payload}`);
}

/**
 * A claim check: an envelope whose event lies in the overflow bucket. Its `payload` is `null`, so that a consumer that
 * knows the tutorial's fields alone fails instead of processing nothing.
 */
export function envelopeWithReference(head: EnvelopeHead, reference: PayloadRef): string {
  return withMembers(head, `"payload_ref":${JSON.stringify(reference)},"payload":null`);
}

function withMembers(head: EnvelopeHead, members: string): string {
  return `${escapeForbidden(JSON.stringify(head)).slice(0, -1)},${members}}`;
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
