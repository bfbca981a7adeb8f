import type { JsonObject } from "../sources/source.ts";
import type { SampleRandom } from "./random.ts";

export const CONVERSATION_END_TOPIC = "v2.detail.events.conversation.{id}.user.end";

/** The `eventBody` of a conversation's end: times in epoch milliseconds, as Genesys writes them. */
export function conversationEnd(random: SampleRandom, at: Date): JsonObject {
  return {
    eventTime: at.getTime(),
    conversationId: random.uuid(),
    participantId: random.uuid(),
    sessionId: random.uuid(),
    disconnectType: random.pick(["CLIENT", "PEER", "SYSTEM", "TRANSFER"]),
    mediaType: random.pick(["VOICE", "CHAT", "MESSAGE", "EMAIL"]),
    direction: random.pick(["INBOUND", "OUTBOUND"]),
    ani: `tel:+1555${random.integer(1_000_000, 9_999_999)}`,
    dnis: "tel:+15550100",
    userId: random.uuid(),
    queueId: random.uuid(),
    divisionId: random.uuid(),
    interactingDurationMs: random.integer(1_000, 1_800_000),
    totalHoldDurationMs: random.integer(0, 60_000),
  };
}
