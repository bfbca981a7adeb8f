import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { isJsonObject } from "./sources/source.ts";

/** A message attribute as it lies in a file: bytes in base64. */
type RecordedAttribute = { readonly type: string } & (
  | { readonly text: string }
  | { readonly base64: string }
);

/** Everything that SQS tells of a message, as one line of JSON: what an export and a parked object hold. */
export interface MessageRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, RecordedAttribute>>;
  /** SQS's own: when it was sent and first received, how often received, by whom sent. */
  readonly system: Readonly<Record<string, string>>;
}

export function toRecord({ MessageId, Body, MessageAttributes, Attributes }: Message): MessageRecord {
  const attributes = Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, recorded(value)]);
  return {
    messageId: MessageId ?? "",
    body: Body ?? "",
    attributes: Object.fromEntries(attributes),
    system: { ...Attributes },
  };
}

/** @returns undefined for a line that is no such record */
export function readRecord<R extends MessageRecord = MessageRecord>(line: string): R | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value["body"] !== "string" || !isJsonObject(value["attributes"])) {
    return undefined;
  }
  return Object.values(value["attributes"]).every(isRecorded) ? (value as unknown as R) : undefined;
}

/** As `SendMessage` takes them. */
export function attributesOf({
  attributes,
}: Pick<MessageRecord, "attributes">): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, given]) => [
      name,
      "text" in given
        ? { DataType: given.type, StringValue: given.text }
        : { DataType: given.type, BinaryValue: Buffer.from(given.base64, "base64") },
    ]),
  );
}

/** The message again, as a receive gave it; without a handle, since it lies on no queue. */
export function toMessage(record: MessageRecord): Message {
  return {
    MessageId: record.messageId,
    Body: record.body,
    MessageAttributes: attributesOf(record),
    Attributes: { ...record.system },
  };
}

export function recorded({
  DataType: type = "String",
  StringValue: text,
  BinaryValue: bytes,
}: MessageAttributeValue): RecordedAttribute {
  return bytes === undefined
    ? { type, text: text ?? "" }
    : { type, base64: Buffer.from(bytes).toString("base64") };
}

function isRecorded(value: unknown): boolean {
  if (!isJsonObject(value) || typeof value["type"] !== "string") return false;
  return typeof value["text"] === "string" || typeof value["base64"] === "string";
}
