import { dataAction } from "../../../contract/sources/data-action.ts";

test("reads a topic with its event's body", () => {
  const event = { topicName: "v2.detail", eventBody: { conversationId: "c", eventTime: 1_795_521_600_000 } };
  expect(dataAction.describe(event)).toEqual({
    eventType: "v2.detail",
    conversationId: "c",
    occurredAt: "2026-11-24T12:00:00.000Z",
  });
});

test("reads flat primitives", () => {
  expect(
    dataAction.describe({ eventType: "end", conversationId: "c", eventTime: "2026-11-24T12:00:00Z" }),
  ).toEqual({
    eventType: "end",
    conversationId: "c",
    occurredAt: "2026-11-24T12:00:00Z",
  });
});

test.each([Number.NaN, 1e300, {}, null, ""])(
  "a time that is none (%p) is left out, and the event is taken",
  (eventTime) => {
    expect(dataAction.describe({ eventTime })).toEqual({});
  },
);
