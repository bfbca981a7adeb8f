import type { SQSRecord } from "aws-lambda";
import { type DeadLetterReason, toAttributes, withoutReason } from "../../contract/event/dead-letter.ts";
import { type FittedAttributes, fitAttributes } from "../../contract/event/fit-attributes.ts";
import type { MessageAttribute } from "../../contract/event/message-text.ts";

/** The message was full to the last bytes: it has no room for what must go along. */
class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/**
 * The attributes of a message that is sent again: what the processor knows, and of those with which it came as
 * many as fit. A reason may be among those, where a move task brought a dead letter back as it was; it is no
 * longer true.
 *
 * @param known a dead letter's reason, or what counts over an event's whole life
 * @throws {NoRoomError} where SQS would refuse the message even with the least of them
 */
export function carriedAttributes(
  record: SQSRecord,
  known: Partial<DeadLetterReason>,
  maxMessageBytes: number,
): FittedAttributes {
  const attributes = { ...withoutReason(attributesOf(record)), ...toAttributes(known) };
  const fitted = fitAttributes(record.body, attributes, maxMessageBytes);
  if (fitted === undefined) throw new NoRoomError("The message has no room for its attributes.");
  return fitted;
}

/** What a log line says of attributes that found no room; nothing where all did. */
export function leftOutField({ leftOut }: FittedAttributes): { readonly attributes_left_out?: string } {
  return leftOut.length === 0 ? {} : { attributes_left_out: leftOut.join(",") };
}

/** Lambda gives bytes in base64. */
function attributesOf({ messageAttributes }: SQSRecord): Record<string, MessageAttribute> {
  const attributes = Object.entries(messageAttributes ?? {}).map(
    ([name, { dataType: DataType, stringValue, binaryValue }]): [string, MessageAttribute] => [
      name,
      binaryValue
        ? { DataType, BinaryValue: Buffer.from(binaryValue, "base64") }
        : { DataType, StringValue: stringValue ?? "" },
    ],
  );
  return Object.fromEntries(attributes);
}
