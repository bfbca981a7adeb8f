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
    occurredAt: "2026-11-24T12:00:00.000Z",
  });
});

const inner = { conversationId: "c", eventTime: 1_795_521_600_000 };
const whole = { topicName: "v2.detail", eventBody: inner };
test.each<[string, object]>([
  ["eventBody as text", { topicName: "v2.detail", eventBody: JSON.stringify(inner) }],
  ["jsonData as an object", { jsonData: whole }],
  ["jsonData as text", { jsonData: JSON.stringify(whole) }],
  [
    "jsonData as text, eventBody in it as text",
    { jsonData: JSON.stringify({ ...whole, eventBody: JSON.stringify(inner) }) },
  ],
  ["jsonData beside the topic", { topicName: "v2.detail", jsonData: inner }],
  ["jsonData as text beside the topic", { topicName: "v2.detail", jsonData: JSON.stringify(inner) }],
])("reads %s", (_, event) => {
  expect(dataAction.describe({ ...event })).toEqual({
    eventType: "v2.detail",
    conversationId: "c",
    occurredAt: "2026-11-24T12:00:00.000Z",
  });
});

test.each(["not JSON", "[]", "1", "null", '"text"', ""])(
  "text that holds no object is no object: %j",
  (value) => {
    expect(dataAction.describe({ topicName: "t", eventBody: value, jsonData: value })).toEqual({
      eventType: "t",
    });
  },
);

test.each([Number.NaN, 1e300, {}, null, ""])(
  "a time that is none (%p) is left out, and the event is taken",
  (eventTime) => {
    expect(dataAction.describe({ eventTime })).toEqual({});
  },
);
