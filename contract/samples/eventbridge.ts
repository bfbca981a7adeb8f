import { CONVERSATION_END_TOPIC, conversationEnd } from "./conversation-end.ts";
import type { Sample } from "./sample.ts";

/** What Genesys gives EventBridge, which adds the rest: `detail-type`, and `detail`. */
export const eventBridgeSample: Sample = (random, at, eventType = CONVERSATION_END_TOPIC) => ({
  "detail-type": eventType,
  detail: {
    topicName: eventType,
    version: "2",
    eventBody: conversationEnd(random, at),
    metadata: { CorrelationId: random.uuid() },
    timestamp: at.toISOString(),
  },
});
