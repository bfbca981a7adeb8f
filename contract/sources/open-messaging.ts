import { defined } from "../defined.ts";
import { isJsonObject, type SourceDefinition, text } from "./source.ts";
import { utcTime } from "./time.ts";

/**
 * A Genesys Open Messaging outbound message. A receipt reuses its message's id, so type and time tell
 * events apart beside it: (`id`, `time`) is the pair that Genesys documents as unique.
 */
export const openMessaging = {
  source: "open-messaging",
  path: "/open-messaging/{integrationId}",
  integrationParameter: "integrationId",
  authentication: "signature",
  ownId: true,
  cors: false,
  describe(event) {
    const channel = event["channel"];
    const id = text(event["id"]);
    const type = text(event["type"]);
    if (!isJsonObject(channel) || id === undefined || type === undefined) return undefined;
    const channelId = text(channel["id"]);
    const time = text(channel["time"]);
    const from = isJsonObject(channel["from"]) ? text(channel["from"]["id"]) : undefined;
    const claimedIntegrations = [channelId, from].filter((id) => id !== undefined);
    return defined({
      identity: channelId && time ? [channelId, type, id, time] : undefined,
      eventType: type,
      conversationId: text(event["conversationId"]),
      occurredAt: utcTime(time),
      claimedIntegrations: claimedIntegrations.length === 0 ? undefined : claimedIntegrations,
    });
  },
} as const satisfies SourceDefinition;
