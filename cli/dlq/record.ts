import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { sha256 } from "../../contract/event/envelope.ts";
import { type MessageRecord, recorded, toRecord } from "../../contract/message-record.ts";
import { visibleJson } from "../../contract/plain-text.ts";
import { type Payload, payloadFields } from "./payload.ts";

/** One line of an export. */
export interface DeadLetterRecord extends MessageRecord {
  /** A claim-checked event's bytes, where they were asked for: as text if they are UTF-8. */
  readonly payload?: string;
  readonly payloadBase64?: string;
  /** They were asked for, and the bucket does not have them, or not as they were stored. */
  readonly payloadMissing?: true;
}

/** @param payload a claim-checked event's, where it was asked for */
export function writeRecord(message: Message, payload?: Payload): string {
  const line: DeadLetterRecord = {
    ...toRecord(message),
    ...(payload === undefined
      ? {}
      : "absent" in payload
        ? { payloadMissing: true }
        : payloadFields(payload.bytes)),
  };
  return `${visibleJson(JSON.stringify(line))}\n`;
}

/** A claim-checked event's bytes, where the export took them along. */
export function payloadOfRecord({ payload, payloadBase64 }: DeadLetterRecord): Buffer | undefined {
  if (payload !== undefined) return Buffer.from(payload);
  return payloadBase64 === undefined ? undefined : Buffer.from(payloadBase64, "base64");
}

/** The same for two messages that nothing but SQS's own numbers tells apart. */
export function fingerprint(body: string, attributes: Record<string, MessageAttributeValue>): string {
  const sorted = Object.entries(attributes)
    .map(([name, value]) => [name, recorded(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(`${JSON.stringify(sorted)}\n${body}`);
}
