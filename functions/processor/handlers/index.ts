import type { EventHandler } from "../destinations/handlers.ts";
import { conversationSummary } from "./conversation-summary.ts";

/** The team's own code by event type; it is used where the destination's kind is `handlers`. */
export const handlers: ReadonlyMap<string, EventHandler> = new Map([
  ["conversation:analytics:summary", conversationSummary],
]);
