import { randomUUID } from "node:crypto";

/** The event type that the sample destination never takes. */
export const UNPROCESSABLE_EVENT_TYPE = "sample.unprocessable";

/** A webhook event as the tutorial's sender writes it. */
export function sampleEvent(eventType: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      webhookName: "Sample webhook",
      webhookId: randomUUID(),
      eventType,
      conversationId: randomUUID(),
      timestamp: new Date().toISOString(),
      note: "Grüße 👋",
    }),
  );
}
