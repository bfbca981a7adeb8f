import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { sha256 } from "../../contract/event/envelope.ts";
import { isJsonObject } from "../../contract/sources/source.ts";
import { payloadFields } from "./payload.ts";

/** A message attribute as it lies in a file: bytes in base64. */
type RecordedAttribute = { readonly type: string } & (
  | { readonly text: string }
  | { readonly base64: string }
);

/** One line of an export: everything that SQS tells of a message. */
export interface DeadLetterRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, RecordedAttribute>>;
  /** SQS's own: when it was sent and first received, how often received, by whom sent. */
  readonly system: Readonly<Record<string, string>>;
  /** A claim-checked event's bytes, where they were asked for: as text if they are UTF-8. */
  readonly payload?: string;
  readonly payloadBase64?: string;
  /** They were asked for, and the bucket no longer has them. */
  readonly payloadMissing?: true;
}

/** @param payload a claim-checked event's bytes; `undefined`: the bucket no longer has them */
export function writeRecord(message: Message, payload?: { readonly bytes: Buffer | undefined }): string {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    record(value),
  ]);
  const line: DeadLetterRecord = {
    messageId: message.MessageId ?? "",
    body: message.Body ?? "",
    attributes: Object.fromEntries(attributes),
    system: { ...message.Attributes },
    ...(payload === undefined
      ? {}
      : payload.bytes === undefined
        ? { payloadMissing: true }
        : payloadFields(payload.bytes)),
  };
  return `${JSON.stringify(line)}\n`;
}

/** @returns undefined for a line that no export has written */
export function readRecord(line: string): DeadLetterRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value["body"] !== "string" || !isJsonObject(value["attributes"])) {
    return undefined;
  }
  return Object.values(value["attributes"]).every(isRecorded)
    ? (value as unknown as DeadLetterRecord)
    : undefined;
}

/** As `SendMessage` takes them. */
export function attributesOf({ attributes }: DeadLetterRecord): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, given]) => [
      name,
      "text" in given
        ? { DataType: given.type, StringValue: given.text }
        : { DataType: given.type, BinaryValue: Buffer.from(given.base64, "base64") },
    ]),
  );
}

/** A claim-checked event's bytes, where the export took them along. */
export function payloadOfRecord({ payload, payloadBase64 }: DeadLetterRecord): Buffer | undefined {
  if (payload !== undefined) return Buffer.from(payload);
  return payloadBase64 === undefined ? undefined : Buffer.from(payloadBase64, "base64");
}

/** The same for two messages that nothing but SQS's own numbers tells apart. */
export function fingerprint(body: string, attributes: Record<string, MessageAttributeValue>): string {
  const sorted = Object.entries(attributes)
    .map(([name, value]) => [name, record(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(`${JSON.stringify(sorted)}\n${body}`);
}

function record({ DataType: type = "String", StringValue: text, BinaryValue: bytes }: MessageAttributeValue) {
  return bytes === undefined
    ? { type, text: text ?? "" }
    : { type, base64: Buffer.from(bytes).toString("base64") };
}

function isRecorded(value: unknown): boolean {
  if (!isJsonObject(value) || typeof value["type"] !== "string") return false;
  return typeof value["text"] === "string" || typeof value["base64"] === "string";
}
