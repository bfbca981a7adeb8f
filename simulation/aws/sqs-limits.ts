import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { AwsError } from "./errors.ts";
import { sizeOf } from "./sqs-message.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const SQS_LIMITS = {
  attributes: 10,
  attributeNameCharacters: 256,
  delaySeconds: 900,
  visibilitySeconds: 43_200,
  waitSeconds: 20,
  /** Of a standard queue, received and not deleted. */
  inFlight: 120_000,
  batch: 10,
  /** Of all entries of a batch together. */
  batchBytes: 1_048_576,
} as const;

/** Characters that SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const INVALID = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Names of attributes, and where periods may stand in them; no prefix of AWS's own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
const NAME = /^(?!aws\.|amazon\.)(?!.*\.\.)[\w-]([\w.-]*[\w-])?$/i;
const TYPE = /^(String|Number|Binary)(\..+)?$/;

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** @throws {AwsError} as `SendMessage` does, for what no later attempt would change */
export function checkMessage(
  body: string,
  attributes: Attributes,
  delaySeconds: number,
  maxBytes: number,
): void {
  if (body === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  if (INVALID.test(body)) throw new AwsError("InvalidMessageContents", "Invalid characters found.");
  const count = Object.keys(attributes).length;
  if (count > SQS_LIMITS.attributes)
    throw invalid(`Number of message attributes [${count}] exceeds the allowed maximum [10].`);
  for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value);
  const bytes = sizeOf(body, attributes);
  if (bytes > maxBytes) throw invalid(`Message must be shorter than ${maxBytes} bytes.`);
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > SQS_LIMITS.delaySeconds)
    throw invalid(`DelaySeconds must be between 0 and ${SQS_LIMITS.delaySeconds}.`);
}

function checkAttribute(
  name: string,
  { DataType = "", StringValue, BinaryValue }: MessageAttributeValue,
): void {
  if (!NAME.test(name) || name.length > SQS_LIMITS.attributeNameCharacters)
    throw invalid(`The message attribute name '${name}' is invalid.`);
  if (!TYPE.test(DataType)) throw invalid(`The message attribute '${name}' has an invalid type.`);
  const isEmpty = DataType.startsWith("Binary") ? !BinaryValue?.byteLength : !StringValue;
  if (isEmpty) throw invalid(`Message attribute '${name}' must contain a non-empty value.`);
  if (StringValue !== undefined && INVALID.test(StringValue))
    throw invalid(`Message attribute '${name}' holds invalid characters.`);
}

/** @throws {AwsError} */
export function checkVisibility(seconds: number): void {
  checkNumber("VisibilityTimeout", seconds, 0, SQS_LIMITS.visibilitySeconds);
}

/** @throws {AwsError} */
export function checkNumber(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(`Value ${value} for parameter ${name} is invalid. Must be between ${least} and ${most}.`);
}

function invalid(reason: string): AwsError {
  return new AwsError("InvalidParameterValue", `One or more parameters are invalid. Reason: ${reason}`);
}
