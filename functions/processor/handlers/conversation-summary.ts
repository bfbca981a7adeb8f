import * as z from "zod/mini";
import { PermanentError } from "../../../contract/event/failure.ts";
import type { EventHandler } from "../destinations/handlers.ts";

/** What this file handles: one event type, or a list of them. */
export const eventType = "conversation:analytics:summary";

const summary = z.object({
  conversationId: z.string().check(z.minLength(1)),
  summary: z.optional(z.string()),
});

/**
 * An example to start from: a summary of a conversation is ready. It checks the event's shape, since an
 * event without a conversation will never have one, and has a place for what the team does with it.
 */
export const handle: EventHandler = async ({ json }, signal) => {
  const event = z.safeParse(summary, json);
  if (!event.success) throw new PermanentError("The summary names no conversation.");
  await keep(event.data, signal);
};

/** Here a team writes to its own system; a summary that is written twice must read as one. */
function keep(_summary: z.infer<typeof summary>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return Promise.resolve();
}
