import type { MessageRecord } from "../../contract/message-record.ts";
import { parkedKey, readParked, readParkedKey, writeParked } from "../../contract/parked.ts";

const oldest = new Date("2026-11-26T05:10:00.123Z");

test("a key tells the kind, the age to the second, and how many lie there", () => {
  const key = parkedKey("dead-letters", oldest, 500);
  expect(key).toMatch(/^parked\/dead-letters\/20261126T051000Z-500-[0-9a-f-]{36}\.jsonl$/);
  expect(readParkedKey(key)).toEqual({
    key,
    kind: "dead-letters",
    oldest: new Date("2026-11-26T05:10:00Z"),
    count: 500,
  });
  expect(parkedKey("events", oldest, 1)).not.toBe(parkedKey("events", oldest, 1));
});

test.each([
  "",
  "spill/events/20261126T051000Z-500-x.jsonl",
  "parked/other/20261126T051000Z-500-x.jsonl",
  "a/parked/events/20261126T051000Z-500-x.jsonl",
  "parked/events/20261126T051000Z-500-x.jsonl.gz",
  "parked/events/20261126T051000Z-500-.jsonl",
  "parked/events/20261126T051000Z-500-x/y.jsonl",
  "parked/events/2026-11-26-500-x.jsonl",
  "parked/events/20261126T051000Z--x.jsonl",
])("%j is the key of something else", (key) => {
  expect(readParkedKey(key)).toBeUndefined();
});

const record: MessageRecord = {
  messageId: "m",
  body: "line one\nline two",
  attributes: { a: { type: "String", text: "" }, b: { type: "Binary", base64: "AP8=" } },
  system: { SentTimestamp: "1" },
};

test("records come back, one a line; an object without any is none", () => {
  const written = writeParked([record, { ...record, messageId: "n" }]);
  expect(written.split("\n")).toHaveLength(3);
  expect(readParked(written)).toEqual([record, { ...record, messageId: "n" }]);
  expect([writeParked([]), readParked("")]).toEqual(["", []]);
});

test("an object with a line that is no record is left alone, and the line is named", () => {
  expect(() => readParked(`${writeParked([record])}{"body":1}\n`)).toThrow(
    new Error("Line 2 of the object is no parked message."),
  );
});
