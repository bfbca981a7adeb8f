import { randomUUID } from "node:crypto";
import { sha256 } from "../../../contract/event/envelope.ts";
import { bindToBytes, repeatedName } from "../../../contract/event/identity.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { proxyEvents } from "../../support/proxy-events.ts";
import { batch, event, request } from "../functions/invocations.ts";

/** Of one event, as Genesys posts it. */
export const EVENT_BYTES = 4_000;
const MILLION = 1e6;

const sized = (number: number) => event(number, EVENT_BYTES - event(number, 0).length);

/** What the tutorial's receiver makes of an event: its envelope, as Python writes JSON. */
function tutorialsEnvelope(body: Buffer): string {
  const payload = JSON.parse(body.toString());
  return JSON.stringify({
    received_at: new Date().toISOString().replace("Z", "000"),
    webhook_id: payload.webhookId,
    webhook_name: payload.webhookName,
    payload,
  });
}

/** What our receiver makes of it. */
function ourEnvelope(body: Buffer): string {
  const receivedAt = new Date();
  return envelopeFor(body, {
    id: bindToBytes(repeatedName("webhook", [], receivedAt, 120), sha256(body)),
    received_at: receivedAt.toISOString(),
    event_type: "v2.detail.events.conversation.{id}.customer.end",
    conversation_id: "0b6a7f34-5c1e-4c56-9b4e-1f1f6f0a0001",
  });
}

/** What EventBridge's rule puts on the queue of an event that Genesys sends as a partner. */
function partnerEvent(body: Buffer): string {
  return JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": "v2.detail.events.conversation.{id}.customer.end",
    source: "aws.partner/genesys.com/cloud/0b6a7f34-5c1e-4c56-9b4e-1f1f6f0a0002/events",
    account: "123456789012",
    time: new Date().toISOString(),
    region: "eu-west-1",
    resources: [],
    detail: JSON.parse(body.toString()),
  });
}

const messages = {
  own: ourEnvelope,
  tutorial: tutorialsEnvelope,
  partner: partnerEvent,
  /** API Gateway puts the body on the queue. */
  plain: (body: Buffer) => body.toString(),
};

export type Writer = keyof typeof messages;

/** Bytes of a message on the queue. */
export const messageBytes = (writer: Writer) => Buffer.byteLength(messages[writer](sized(1)));

/** Requests of events that are all different. */
export function requests(writer: Writer, count: number): object[] {
  const asked = (body: Buffer) =>
    writer === "tutorial"
      ? (proxyEvents["an HTTP API, payload 1.0"]?.({ body: body.toString() }) ?? {})
      : request(body);
  return Array.from({ length: count }, (_, number) => asked(sized(number)));
}

/** Messages on the queue that are different from those of {@link batches}, and from each other. */
export function messagesOf(writer: Writer, count: number): string[] {
  return Array.from({ length: count }, (_, number) => messages[writer](sized(MILLION + number)));
}

/** Batches of events that are all different. */
export function batches(writer: Writer, size: number, count: number): object[] {
  return Array.from({ length: count }, (_, index) =>
    batch(Array.from({ length: size }, (__, record) => messages[writer](sized(index * size + record)))),
  );
}
