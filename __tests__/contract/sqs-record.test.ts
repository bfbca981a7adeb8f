import { toSqsRecord } from "../../contract/sqs-record.ts";

const arn = "arn:aws:sqs:eu-west-1:1:queue";

test("a message is what Lambda's poller hands over, bytes in base64", () => {
  const message = {
    MessageId: "m",
    ReceiptHandle: "h",
    Body: "b",
    MD5OfBody: "1",
    MD5OfMessageAttributes: "2",
    Attributes: { ApproximateReceiveCount: "3" },
    MessageAttributes: {
      text: { DataType: "Number", StringValue: "1" },
      bytes: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
      plain: { DataType: undefined, StringValue: "x" },
    },
  };
  const lists = { stringListValues: [], binaryListValues: [] };
  expect(toSqsRecord(message, arn)).toStrictEqual({
    messageId: "m",
    receiptHandle: "h",
    body: "b",
    attributes: { ApproximateReceiveCount: "3" },
    messageAttributes: {
      text: { stringValue: "1", dataType: "Number", ...lists },
      bytes: { binaryValue: "AP8=", dataType: "Binary", ...lists },
      plain: { stringValue: "x", dataType: "String", ...lists },
    },
    md5OfBody: "1",
    md5OfMessageAttributes: "2",
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: "eu-west-1",
  });
});

test("what SQS left out is empty", () => {
  expect(toSqsRecord({}, "none")).toStrictEqual({
    messageId: "",
    receiptHandle: "",
    body: "",
    attributes: {},
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "none",
    awsRegion: "",
  });
});
