import fc from "fast-check";
import {
  classOf,
  type DeadLetterReason,
  deadLetterAttributes,
  isFromEventBridge,
  redrivenAttributes,
  toAttributes,
} from "../../../contract/event/dead-letter.ts";
import { PermanentError } from "../../../contract/event/failure.ts";
import { isMessageText, messageBytes } from "../../../contract/event/message-text.ts";

const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 2_000 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 2_000 })
    .map((units) => String.fromCharCode(...units)),
  fc.constant("漢".repeat(5_000)),
);
const reason: fc.Arbitrary<DeadLetterReason> = fc.record(
  {
    class: fc.constantFrom("malformed" as const, "permanent" as const, "exhausted" as const),
    status: fc.integer({ min: 100, max: 599 }),
    message: text,
    attempts: fc.nat(),
    firstAttemptAt: time,
    lastAttemptAt: time,
    source: fc.constantFrom(
      "webhook" as const,
      "open-messaging" as const,
      "data-action" as const,
      "eventbridge" as const,
    ),
    eventId: text,
    redrives: fc.nat(),
  },
  {
    requiredKeys: [
      "class",
      "message",
      "attempts",
      "firstAttemptAt",
      "lastAttemptAt",
      "source",
      "eventId",
      "redrives",
    ],
  },
);

test("whatever the reason, SQS takes its attributes, and they fit the room that is kept for them", () => {
  fc.assert(
    fc.property(reason, (value) => {
      const attributes = toAttributes(value);
      expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
      for (const [name, { DataType, StringValue }] of Object.entries(attributes)) {
        expect(name).toMatch(/^(?!aws\.|amazon\.)[A-Za-z0-9_.-]{1,256}$/i);
        expect(DataType).toBe("String");
        expect(StringValue.length).toBeGreaterThan(0);
        expect(isMessageText(StringValue)).toBe(true);
      }
      expect(messageBytes("", attributes)).toBeLessThanOrEqual(4_096);
    }),
    { numRuns: 500 },
  );
});

test("every part of a reason has an attribute of its own; an absent status has none", () => {
  const value: DeadLetterReason = {
    class: "permanent",
    status: 422,
    message: "HTTP 422",
    attempts: 3,
    firstAttemptAt: "2026-11-24T12:00:00.000Z",
    lastAttemptAt: "2026-11-24T13:00:00.000Z",
    source: "webhook",
    eventId: "e-1",
    redrives: 1,
  };
  const texts = (attributes: ReturnType<typeof toAttributes>) =>
    Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
  expect(texts(toAttributes(value))).toEqual({
    reason_class: "permanent",
    reason_status: "422",
    reason_message: "HTTP 422",
    attempts: "3",
    first_attempt_at: "2026-11-24T12:00:00.000Z",
    last_attempt_at: "2026-11-24T13:00:00.000Z",
    source: "webhook",
    event_id: "e-1",
    redrives: "1",
  });
  const { status: _, ...without } = value;
  expect(texts(toAttributes(without))).not.toHaveProperty(deadLetterAttributes.status);
});

test("a redrive is counted, and takes along what counts over an event's whole life, but no reason", () => {
  const own = { DataType: "String", StringValue: "kept" };
  const before = {
    ...toAttributes({
      class: "exhausted",
      status: 503,
      message: "no",
      attempts: 5,
      eventId: "e-1",
      redrives: 1,
    }),
    ERROR_CODE: own,
    own,
  };
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  expect(redrivenAttributes(before, "operator")).toEqual({
    attempts: text("5"),
    event_id: text("e-1"),
    redrives: text("2"),
    redriven_by: text("operator"),
    own,
  });
  expect(redrivenAttributes({}, "recovery")).toEqual({ redrives: text("1"), redriven_by: text("recovery") });
});

test("the class of a message that SQS moved is none, whatever it brought from an earlier death", () => {
  const attributes = toAttributes({ class: "permanent" });
  expect(classOf(attributes, {})).toBe("permanent");
  expect(classOf({}, {})).toBeUndefined();
  expect(classOf(attributes, { DeadLetterQueueSourceArn: "arn:aws:sqs:eu-west-1:1:queue" })).toBeUndefined();
});

test("what EventBridge has set aside is known by any of the attributes that it writes", () => {
  expect(isFromEventBridge({ own: "x", ERROR_CODE: "y" })).toBe(true);
  expect(isFromEventBridge(toAttributes({ class: "permanent", attempts: 1 }))).toBe(false);
  expect(isFromEventBridge({})).toBe(false);
});

test("a permanent error carries its status and its cause", () => {
  const cause = new Error("cause");
  expect(new PermanentError("no", { status: 422, cause })).toMatchObject({
    name: "PermanentError",
    status: 422,
    cause,
  });
  expect(new PermanentError("no")).toMatchObject({ status: undefined });
  expect(Object.hasOwn(new PermanentError("no"), "cause")).toBe(false);
});
