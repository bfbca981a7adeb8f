import { openMessaging } from "../../../contract/sources/open-messaging.ts";

const message = {
  id: "m",
  type: "Text",
  conversationId: "c",
  channel: { id: "ch", time: "2026-11-24T12:00:00Z" },
};

test("is named by channel, type, id and time", () => {
  expect(openMessaging.describe(message)).toEqual({
    identity: ["ch", "Text", "m", "2026-11-24T12:00:00Z"],
    eventType: "Text",
    conversationId: "c",
    occurredAt: "2026-11-24T12:00:00.000Z",
    claimedIntegrations: ["ch"],
  });
});

test("claims to come from its channel, and from whom that names", () => {
  const claimed = (channel: object) => openMessaging.describe({ ...message, channel })?.claimedIntegrations;
  expect(claimed({ id: "ch", from: { id: "i" } })).toEqual(["ch", "i"]);
  expect(claimed({ from: { id: "i" } })).toEqual(["i"]);
  expect(claimed({ from: "i", id: 7 })).toBeUndefined();
});

test("without channel id or time it has no name of its own", () => {
  expect(openMessaging.describe({ ...message, channel: { time: "x" } })).not.toHaveProperty("identity");
  expect(openMessaging.describe({ ...message, channel: { id: "x" } })).not.toHaveProperty("identity");
});

test.each(["id", "type", "channel"])("without %s it is no Open Messaging event", (field) => {
  expect(openMessaging.describe({ ...message, [field]: undefined })).toBeUndefined();
  expect(openMessaging.describe({ ...message, [field]: [] })).toBeUndefined();
});
