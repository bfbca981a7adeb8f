import type { Sample } from "./sample.ts";

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
