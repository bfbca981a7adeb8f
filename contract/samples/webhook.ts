import type { Sample } from "./sample.ts";

/** Of the sample whose end in the dead-letter queue the local run shows: nothing is wrong where it lies there. */
export const FATED_WEBHOOK_NAME = "Sample that ends as a dead letter";

/** A webhook event as the tutorial's sender writes it. */
export const webhookSample: Sample = (random, at, eventType) => ({
  webhookName: "Sample webhook",
  webhookId: random.uuid(),
  eventType:
    eventType ??
    random.pick(["sample.conversation.started", "sample.conversation.ended", "sample.summary.ready"]),
  conversationId: random.uuid(),
  timestamp: at.toISOString(),
  mediaType: random.pick(["voice", "chat", "message", "email"]),
  durationMs: random.integer(1_000, 1_800_000),
  note: random.text(),
});
