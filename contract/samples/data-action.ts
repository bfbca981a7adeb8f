import { CONVERSATION_END_TOPIC, conversationEnd } from "./conversation-end.ts";
import type { Sample } from "./sample.ts";

/** What a trigger's Web Services Data Action posts. */
export const dataActionSample: Sample = (random, at, eventType = CONVERSATION_END_TOPIC) => ({
  topicName: eventType,
  eventBody: conversationEnd(random, at),
});
