import { defined } from "../defined.ts";
import { sha256 } from "./envelope.ts";
import type { QueuedEvent } from "./read-envelope.ts";

/**
 * What a destination gets beside the event's bytes. Nothing of the inbound request is forwarded but how its body
 * is encoded, its signature least of all: it would be no authentication of ours.
 *
 * | header | value |
 * |---|---|
 * | `content-type` | `application/json` |
 * | `content-encoding` | the sender's, where the bytes are encoded |
 * | `idempotency-key` | the event's id, the same across retries, redrives and re-deliveries by Genesys |
 * | `x-event-id` | the same |
 * | `x-event-source` | `webhook`, `open-messaging`, `data-action` or `eventbridge` |
 * | `x-event-integration` | the integration that has proved itself; absent where the source has one sender |
 * | `x-event-type` | the event's type; absent where the event does not say, or says it at length |
 * | `webhook-id`, `webhook-timestamp`, `webhook-signature` | where deliveries are signed: delivery-signature.ts |
 * | `x-attempt` | 1, 2, … over all redrives |
 */
export function deliveryHeaders(
  { event, bytes }: { readonly event: QueuedEvent; readonly bytes: Uint8Array },
  attempt: number,
): Record<string, string> {
  const id = keyOf(event);
  const { contentEncoding: encoding, integrationId: integration } = event;
  const type = event.eventType === undefined ? undefined : headerText(event.eventType);
  return {
    "content-type": "application/json",
    "content-length": String(bytes.length),
    ...defined({ "content-encoding": encoding === undefined ? undefined : headerText(encoding) }),
    "idempotency-key": id,
    "x-event-id": id,
    "x-event-source": headerText(event.source) ?? "",
    ...defined({ "x-event-integration": integration === undefined ? undefined : headerText(integration) }),
    ...defined({ "x-event-type": type }),
    "x-attempt": String(attempt),
  };
}

/** The event's id as it stands in a header: its `idempotency-key`, and its `webhook-id` where deliveries are signed. */
export function keyOf({ id }: Pick<QueuedEvent, "id">): string {
  return headerText(id) ?? `sha256:${sha256(id)}`;
}

const MAX_CHARACTERS = 512; // servers refuse a request whose headers exceed 8 KB

/**
 * Any text as a header value: what is not visible ASCII becomes percent-encoded UTF-8, and so does `%`, so
 * that two texts never become one. `undefined` where that is too long for a header.
 */
export function headerText(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const encoded = text
    .toWellFormed()
    .replace(/[^\x21-\x24\x26-\x7E]/gu, (character) =>
      [...Buffer.from(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
    );
  return encoded.length > MAX_CHARACTERS ? undefined : encoded;
}
