import type { Sample } from "./sample.ts";

/** An Open Messaging outbound message: an agent's text, or whatever type is asked for. */
export const openMessagingSample: Sample = (random, at, eventType = "Text") => {
  const id = random.hex(32);
  return {
    id,
    channel: {
      id: random.uuid(),
      platform: "Open",
      type: "Private",
      messageId: id,
      to: { id: `customer-${random.integer(1, 100_000)}`, idType: "Opaque" },
      from: { nickname: "Sample agent", id: random.uuid(), idType: "Opaque" },
      time: at.toISOString(),
    },
    conversationId: random.uuid(),
    direction: "Outbound",
    originatingEntity: random.pick(["Human", "Bot"]),
    type: eventType,
    ...(eventType === "Text" ? { text: random.text() } : {}),
    ...(eventType === "Receipt" ? { status: "Delivered" } : {}),
  };
};
