/**
 * What fits into an SQS message. SQS takes #x9 #xA #xD #x20–#xD7FF #xE000–#xFFFD #x10000–#x10FFFF and
 * refuses everything else with `InvalidMessageContents`
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */

const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Whether SQS takes this text as it is. */
export function isMessageText(text: string): boolean {
  return text.search(FORBIDDEN) === -1;
}

/** Free text made fit for SQS: what it refuses becomes U+FFFD. */
export function toMessageText(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, "\uFFFD");
}

/**
 * JSON text made fit for SQS without changing what it means: the characters that SQS refuses can stand only
 * inside a JSON string, where an escape says the same.
 */
export function escapeForbidden(json: string): string {
  return json.replace(
    FORBIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One string attribute as it goes on the wire. */
export interface StringAttribute {
  readonly DataType: "String";
  readonly StringValue: string;
}

/** One attribute as SQS takes and gives it: text or bytes. */
export interface MessageAttribute {
  readonly DataType: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/** A message's size as SQS counts it: UTF-8 bytes of the body and of each attribute's name, type and value. */
export function messageBytes(
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>> = {},
): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) bytes += attributeBytes(name, attribute);
  return bytes;
}

export function attributeBytes(
  name: string,
  { DataType = "", StringValue = "", BinaryValue }: MessageAttribute,
): number {
  const value = BinaryValue?.byteLength ?? Buffer.byteLength(StringValue);
  return Buffer.byteLength(name) + Buffer.byteLength(DataType) + value;
}
