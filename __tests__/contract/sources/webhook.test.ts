import { webhook } from "../../../contract/sources/webhook.ts";

test("reads the tutorial's fields", () => {
  const event = {
    webhookName: "n",
    webhookId: "w",
    eventType: "t",
    conversationId: "c",
    timestamp: "2026-11-24T12:00:00Z",
  };
  expect(webhook.describe({ ...event, more: 1 })).toEqual({
    webhookName: "n",
    webhookId: "w",
    eventType: "t",
    conversationId: "c",
    occurredAt: "2026-11-24T12:00:00.000Z",
  });
});

test("asks for webhookName alone, as the tutorial does, and takes no field for what it is not", () => {
  expect(webhook.describe({ webhookName: 1, webhookId: {}, eventType: "", conversationId: null })).toEqual(
    {},
  );
  expect(webhook.describe({ webhookId: "w" })).toBeUndefined();
});
