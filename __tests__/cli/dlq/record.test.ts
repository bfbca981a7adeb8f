import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { type DeadLetterRecord, fingerprint, payloadOfRecord, writeRecord } from "../../../cli/dlq/record.ts";
import { attributesOf, readRecord } from "../../../contract/message-record.ts";

const text = fc.string({ unit: "binary" });
const attribute: fc.Arbitrary<MessageAttributeValue> = fc.oneof(
  fc.record({ DataType: fc.constantFrom("String", "Number", "String.custom"), StringValue: text }),
  fc.record({ DataType: fc.constant("Binary"), BinaryValue: fc.uint8Array({ maxLength: 40 }) }),
);
const attributes = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
  attribute,
  {
    maxKeys: 10,
  },
);

/** Bytes as numbers: a Buffer and a Uint8Array of the same bytes are the same. */
const plain = (given: Record<string, MessageAttributeValue>) =>
  Object.fromEntries(
    Object.entries(given).map(([name, { BinaryValue: bytes, ...rest }]) => [
      name,
      bytes === undefined ? rest : { ...rest, bytes: [...bytes] },
    ]),
  );

test("whatever SQS tells of a message comes back out of its line, to the byte", () => {
  fc.assert(
    fc.property(text, attributes, fc.option(fc.uint8Array(), { nil: undefined }), (body, given, payload) => {
      const message = { MessageId: "m", Body: body, MessageAttributes: given, Attributes: {} };
      const line = writeRecord(message, payload && { bytes: Buffer.from(payload) });
      expect(line.indexOf("\n")).toBe(line.length - 1);
      const record = readRecord<DeadLetterRecord>(line);
      if (record === undefined) throw new Error("it was not read");
      expect(record.body).toBe(body);
      expect(plain(attributesOf(record))).toEqual(plain(given));
      expect(payloadOfRecord(record)).toEqual(payload && Buffer.from(payload));
      expect(fingerprint(record.body, attributesOf(record))).toBe(fingerprint(body, given));
    }),
  );
});

test("messages that differ have different fingerprints; the order of attributes is no difference", () => {
  const one = { DataType: "String", StringValue: "1" };
  const two = { DataType: "String", StringValue: "2" };
  expect(fingerprint("b", { x: one, y: two })).toBe(fingerprint("b", { y: two, x: one }));
  const others = [
    fingerprint("c", { x: one, y: two }),
    fingerprint("b", { x: two, y: one }),
    fingerprint("b", { x: one }),
  ];
  expect(new Set([...others, fingerprint("b", { x: one, y: two })]).size).toBe(4);
});

test.each([
  "",
  "{",
  "null",
  "[]",
  '{"body":1,"attributes":{}}',
  '{"body":""}',
  '{"body":"","attributes":{"a":{"type":"String"}}}',
])("%j was written by no export", (line) => {
  expect(readRecord(line)).toBeUndefined();
});
