import type { Source } from "../../contract/settings.ts";
import { type StringAttribute, toMessageText } from "./message-text.ts";

/** Why an event is in the dead-letter queue. `exhausted`: a transient failure on the last attempt. */
export type DeadLetterClass = "malformed" | "permanent" | "exhausted";

export interface DeadLetterReason {
  readonly class: DeadLetterClass;
  /** The HTTP status that the destination answered, where there was one. */
  readonly status?: number;
  readonly message: string;
  /** Deliveries tried so far, over all redrives. */
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstAttemptAt: string;
  readonly lastAttemptAt: string;
  readonly source: Source;
  readonly eventId: string;
  /** How often recovery or a person has put it back on the main queue. */
  readonly redrives: number;
}

/** The SQS message attributes of a dead letter; SQS takes ten. */
export const deadLetterAttributes = {
  class: "reason_class",
  status: "reason_status",
  message: "reason_message",
  attempts: "attempts",
  firstAttemptAt: "first_attempt_at",
  lastAttemptAt: "last_attempt_at",
  source: "source",
  eventId: "event_id",
  redrives: "redrives",
} as const satisfies Record<keyof DeadLetterReason, string>;

/**
 * What EventBridge writes on an event that it could not put on the queue. It is no reason class, and takes six
 * of the ten places.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export const eventBridgeDeadLetterAttributes: readonly string[] = [
  "RULE_ARN",
  "TARGET_ARN",
  "ERROR_CODE",
  "ERROR_MESSAGE",
  "EXHAUSTED_RETRY_CONDITION",
  "RETRY_ATTEMPTS",
];

const MAX_CHARACTERS = 500; // a reason is a sentence; a destination's whole error page is not

/** The attributes of as much of a reason as there is: a dead letter's whole one, or what a requeued event keeps. */
export function toAttributes(reason: Partial<DeadLetterReason>): Record<string, StringAttribute> {
  const attributes: Record<string, StringAttribute> = {};
  for (const [field, name] of Object.entries(deadLetterAttributes)) {
    const value = reason[field as keyof DeadLetterReason];
    if (value === undefined) continue;
    const text = toMessageText(String(value).slice(0, MAX_CHARACTERS));
    attributes[name] = { DataType: "String", StringValue: text === "" ? "-" : text }; // SQS refuses empty values
  }
  return attributes;
}
