import { randomUUID } from "node:crypto";

/** The bytes of an Open Messaging outbound message, as an agent's text is sent. */
export function outboundMessage(integrationId: string, text: string, time = new Date()): Buffer {
  const id = randomUUID().replaceAll("-", "");
  return Buffer.from(
    JSON.stringify({
      id,
      channel: {
        id: randomUUID(),
        platform: "Open",
        type: "Private",
        messageId: id,
        to: { id: "customer-1", idType: "Opaque" },
        from: { nickname: "Agent", id: integrationId, idType: "Opaque" },
        time: time.toISOString(),
      },
      conversationId: randomUUID(),
      direction: "Outbound",
      originatingEntity: "Human",
      type: "Text",
      text,
    }),
  );
}
