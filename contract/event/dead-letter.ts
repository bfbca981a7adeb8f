import type { Source } from "../sources/index.ts";
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
 * By whom a message was last redriven. It takes the tenth place, so it goes along where there is room: no reason hangs
 * on it.
 */
export const REDRIVEN_BY = "redriven_by";

/** Recovery by itself, or a person by the operator's command. A move task of SQS's tells neither. */
export type Redriver = "recovery" | "operator";

/**
 * What EventBridge writes on an event that it could not put on the queue. It is no reason class, and takes six
 * of the ten places.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
const eventBridgeDeadLetterAttributes: readonly string[] = [
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

/** By name, as any SQS client gives them. */
type Attributes<A> = Readonly<Record<string, A>>;

/** Tells in a message's system attributes that SQS itself moved it, after crashes or timeouts of the processor. */
const MOVED_BY_SQS = "DeadLetterQueueSourceArn";

/**
 * The class of a dead letter; `undefined` where SQS itself moved it. Attributes that such a message has speak of
 * an earlier death, from before somebody moved it back with all of its attributes.
 */
export function classOf(
  attributes: Attributes<{ readonly StringValue?: string | undefined }>,
  systemAttributes: Readonly<Record<string, string | undefined>>,
): DeadLetterClass | undefined {
  if (systemAttributes[MOVED_BY_SQS] !== undefined) return undefined;
  return attributes[deadLetterAttributes.class]?.StringValue as DeadLetterClass | undefined;
}

/** What outlives a redrive: the reason has done its work, what counts over an event's whole life goes along. */
export function withoutReason<A>(attributes: Attributes<A>): Record<string, A> {
  const { class: reasonClass, status, message } = deadLetterAttributes;
  const done: readonly string[] = [reasonClass, status, message, ...eventBridgeDeadLetterAttributes];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !done.includes(name)));
}

/** Whether EventBridge set it aside, because it could not put it on the queue. */
export function isFromEventBridge(attributes: Attributes<unknown>): boolean {
  return eventBridgeDeadLetterAttributes.some((name) => attributes[name] !== undefined);
}

/** What a redriven event takes along, this redrive counted and its redriver named. */
export function redrivenAttributes<A extends { readonly StringValue?: string | undefined }>(
  attributes: Attributes<A>,
  by: Redriver,
): Record<string, A | StringAttribute> {
  const { redrives } = deadLetterAttributes;
  const count = Number(attributes[redrives]?.StringValue ?? 0) + 1;
  return {
    ...withoutReason(attributes),
    [redrives]: { DataType: "String", StringValue: String(count) },
    [REDRIVEN_BY]: { DataType: "String", StringValue: by },
  };
}
