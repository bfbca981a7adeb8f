import type { Message } from "@aws-sdk/client-sqs";
import type { SQSMessageAttribute, SQSRecord } from "aws-lambda";
import { defined } from "./defined.ts";

/** A message as Lambda's poller hands it to a function. */
export function toSqsRecord(message: Message, queueArn: string): SQSRecord {
  const { MD5OfMessageAttributes: attributesHash } = message;
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: { ...message.Attributes } as unknown as SQSRecord["attributes"],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]): [string, SQSMessageAttribute] => [
        name,
        {
          ...defined({ stringValue: value.StringValue }),
          ...(value.BinaryValue === undefined
            ? {}
            : { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
          stringListValues: [],
          binaryListValues: [],
          dataType: (value.DataType ?? "String") as SQSMessageAttribute["dataType"],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? "",
    ...defined({ md5OfMessageAttributes: attributesHash }),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  };
}
