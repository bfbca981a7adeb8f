import { type EnvelopeHead, sha256 } from "../../contract/event/envelope.ts";
import { bindToBytes, givenName } from "../../contract/event/identity.ts";
import { envelopeWithPayload } from "../../contract/event/write-envelope.ts";

/** The head of an envelope around `bytes`, as the receiver would write it. */
export function headFor(bytes: Uint8Array, changes: Partial<EnvelopeHead> = {}): EnvelopeHead {
  return {
    version: 1,
    id: sha256(Buffer.concat([Buffer.from("webhook\n"), bytes])),
    source: "webhook",
    received_at: "2026-11-24T12:00:00.000Z",
    webhook_id: "w-1",
    webhook_name: "conversations",
    event_type: "conversation:ended",
    conversation_id: "c-1",
    occurred_at: null,
    body_sha256: sha256(bytes),
    ...changes,
  };
}

/** The id, and so the `Idempotency-Key`, of a webhook that another producer calls so. */
export function idFor(name: string, event: string | Uint8Array = "{}"): string {
  return bindToBytes(givenName("webhook", [name]), sha256(event));
}

/** What {@link idFor} was given. */
export function nameIn(id: string): string {
  return id.replace(/^[a-z-]+\|(.*)~[0-9a-f]{32}$/, "$1");
}

/** Our envelope around an event, as the receiver would queue it. */
export function envelopeFor(event: string | Uint8Array, changes: Partial<EnvelopeHead> = {}): string {
  const bytes = Buffer.from(event);
  return envelopeWithPayload(headFor(bytes, changes), bytes);
}
