import type { Message } from "@aws-sdk/client-sqs";
import { attributesOf, readRecord, recorded, toMessage, toRecord } from "../../contract/message-record.ts";

const bytes = Buffer.from([0, 255]);
const message: Message = {
  MessageId: "m",
  Body: "b",
  MessageAttributes: {
    text: { DataType: "Number", StringValue: "1" },
    bytes: { DataType: "Binary", BinaryValue: bytes },
  },
  Attributes: { SentTimestamp: "1" },
};

test("a message comes back as it was received, bytes included, but for its handle", () => {
  const record = toRecord({ ...message, ReceiptHandle: "handle" });
  expect(record).toEqual({
    messageId: "m",
    body: "b",
    attributes: { text: { type: "Number", text: "1" }, bytes: { type: "Binary", base64: "AP8=" } },
    system: { SentTimestamp: "1" },
  });
  expect(toMessage(readRecord(JSON.stringify(record)) ?? record)).toEqual(message);
  expect(attributesOf(record)).toEqual(message.MessageAttributes);
});

test("what SQS left out is empty", () => {
  expect(toRecord({})).toEqual({ messageId: "", body: "", attributes: {}, system: {} });
  expect(recorded({ DataType: undefined })).toEqual({ type: "String", text: "" });
});

test.each([
  "",
  "{",
  "null",
  "[]",
  "{}",
  '{"body":"b"}',
  '{"attributes":{}}',
  '{"body":1,"attributes":{}}',
  '{"body":"b","attributes":[]}',
  '{"body":"b","attributes":{"a":null}}',
  '{"body":"b","attributes":{"a":{"text":"x"}}}',
  '{"body":"b","attributes":{"a":{"type":1,"text":"x"}}}',
  '{"body":"b","attributes":{"a":{"type":"String"}}}',
  '{"body":"b","attributes":{"a":{"type":"String","text":1,"base64":2}}}',
  '{"body":"b","attributes":{"good":{"type":"String","text":"x"},"a":{"type":"String"}}}',
])("the line %j is no record", (line) => {
  expect(readRecord(line)).toBeUndefined();
});

test("a line with more than a record is one", () => {
  const line = '{"body":"b","attributes":{"a":{"type":"Binary","base64":""}},"reason":"x"}';
  expect(readRecord(line)).toEqual(JSON.parse(line));
});
