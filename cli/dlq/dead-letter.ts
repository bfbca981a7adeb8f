import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import {
  classOf,
  type DeadLetterClass,
  deadLetterAttributes,
  isFromEventBridge,
} from "../../contract/event/dead-letter.ts";
import { sha256 } from "../../contract/event/envelope.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import { type QueuedEvent, readEnvelope } from "../../contract/event/read-envelope.ts";
import type { Source } from "../../contract/sources/index.ts";

/**
 * `crashed`: SQS moved it itself, after crashes or timeouts of the processor. `unqueued`: EventBridge could not
 * put it on the queue. Neither has a reason class.
 */
export const deadLetterClasses = ["malformed", "permanent", "exhausted", "crashed", "unqueued"] as const;

/** What there is to know of a dead letter without its event. */
export interface DeadLetter {
  /** SQS's; a redrive changes it. */
  readonly messageId: string;
  /** The dedupe key: it stays. */
  readonly eventId: string;
  readonly class: DeadLetterClass | "crashed" | "unqueued";
  /** The HTTP status that the destination answered, where there was one. */
  readonly status?: number;
  readonly reason: string;
  readonly attempts?: number;
  readonly redrives: number;
  readonly source: Source;
  readonly eventType?: string;
  readonly conversationId?: string;
  /** ISO 8601, UTC, as all times here. When Genesys' event came. */
  readonly receivedAt?: string;
  readonly firstAttemptAt?: string;
  /** The last attempt; where nobody wrote that down, when the message was sent. */
  readonly diedAt: string;
  /** Of the message. */
  readonly bytes: number;
  /** How often the message has been looked at, in whatever queue. */
  readonly receives: number;
  /** Whether its event lies in the overflow bucket. */
  readonly claimCheck: boolean;
}

export function readDeadLetter(message: Message): DeadLetter {
  const { MessageId: messageId = "", Body: body = "", Attributes: system = {} } = message;
  const attributes = message.MessageAttributes ?? {};
  const attribute = (field: keyof typeof deadLetterAttributes) =>
    attributes[deadLetterAttributes[field]]?.StringValue;
  const event = readEvent(body);
  const given = classOf(attributes, system);
  const unqueued = isFromEventBridge(attributes);
  const status = given === undefined ? undefined : number(attribute("status"));
  const sentAt = new Date(number(system.SentTimestamp) ?? 0).toISOString();
  return {
    messageId,
    eventId: event?.id ?? attribute("eventId") ?? sha256(body),
    class: given ?? (unqueued ? "unqueued" : "crashed"),
    ...defined({ status }),
    reason: (given && attribute("message")) ?? (unqueued ? fromEventBridge(attributes) : CRASHED),
    ...defined({ attempts: number(attribute("attempts")) }),
    redrives: number(attribute("redrives")) ?? 0,
    source: (attribute("source") as Source | undefined) ?? event?.source ?? "webhook",
    ...defined({
      eventType: event?.eventType,
      conversationId: event?.conversationId,
      receivedAt: event?.receivedAt,
      firstAttemptAt: attribute("firstAttemptAt"),
    }),
    diedAt: (given && attribute("lastAttemptAt")) ?? sentAt,
    bytes: Buffer.byteLength(body),
    receives: number(system.ApproximateReceiveCount) ?? 0,
    claimCheck: event !== undefined && "reference" in event.body,
  };
}

const CRASHED = "SQS moved it: the processor crashed or ran out of time.";

function fromEventBridge(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const why = attributes["ERROR_MESSAGE"]?.StringValue ?? attributes["ERROR_CODE"]?.StringValue;
  return `EventBridge could not put it on the queue: ${why ?? "it does not say why"}`;
}

/** `undefined`: it is no envelope. */
export function readEvent(body: string): QueuedEvent | undefined {
  try {
    return readEnvelope(body);
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? undefined : value;
}
