import { defined } from "../defined.ts";
import { isJsonObject, type SourceDefinition, text } from "./source.ts";

/**
 * A Genesys trigger's Web Services Data Action: `{topicName, eventBody}`, or flat primitives where the
 * action's body template was built from single fields. There is no HMAC in the template, hence the shared secret.
 */
export const dataAction = {
  source: "data-action",
  path: "/data-action",
  authentication: "shared-secret",
  ownId: false,
  cors: false,
  describe(event) {
    const body = isJsonObject(event["eventBody"]) ? event["eventBody"] : event;
    return defined({
      eventType: text(event["topicName"]) ?? text(event["eventType"]),
      conversationId: text(body["conversationId"]),
      occurredAt: isoTime(body["eventTime"]),
    });
  },
} as const satisfies SourceDefinition;

/** Genesys gives `eventTime` in epoch milliseconds. */
function isoTime(value: unknown): string | undefined {
  if (typeof value === "string") return text(value);
  const time = typeof value === "number" ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}
