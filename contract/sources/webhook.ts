import { defined } from "../defined.ts";
import { type SourceDefinition, text } from "./source.ts";
import { utcTime } from "./time.ts";

/** The tutorial's webhook: JSON with `webhookName`, `webhookId`, `eventType`, `conversationId`, anything else. */
export const webhook = {
  source: "webhook",
  path: "/webhook",
  authentication: "signature",
  ownId: false,
  cors: true,
  describe(event) {
    if (!Object.hasOwn(event, "webhookName")) return undefined;
    return defined({
      eventType: text(event["eventType"]),
      conversationId: text(event["conversationId"]),
      occurredAt: utcTime(event["timestamp"]),
      webhookId: text(event["webhookId"]),
      webhookName: text(event["webhookName"]),
    });
  },
} as const satisfies SourceDefinition;
