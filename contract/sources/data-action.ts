import { defined } from "../defined.ts";
import { isJsonObject, type JsonObject, type SourceDefinition, text } from "./source.ts";
import { utcTime } from "./time.ts";

/**
 * A Genesys trigger's Web Services Data Action: `{topicName, eventBody}`, or flat primitives where the action's body
 * template was built from single fields. A trigger that hands on its event as JSON puts all of it into `jsonData`; a
 * template may make text of either. There is no HMAC in the template, hence the shared secret.
 */
export const dataAction = {
  source: "data-action",
  path: "/data-action",
  authentication: "shared-secret",
  ownId: false,
  cors: false,
  describe(event) {
    const data = objectIn(event["jsonData"]);
    const bodies = [event["eventBody"], data["eventBody"]].map(objectIn);
    // The innermost knows best.
    const layers = [...bodies.reverse(), data, event];
    const first = <T>(read: (layer: JsonObject) => T | undefined) =>
      layers.map(read).find((value) => value !== undefined);
    return defined({
      eventType: first(({ topicName }) => text(topicName)) ?? first(({ eventType }) => text(eventType)),
      conversationId: first(({ conversationId }) => text(conversationId)),
      occurredAt: first(({ eventTime }) => utcTime(eventTime)),
    });
  },
} as const satisfies SourceDefinition;

/** The object, or the one that the text holds; an empty one where it is neither. */
function objectIn(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  if (typeof value !== "string") return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
