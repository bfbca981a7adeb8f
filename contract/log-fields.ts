import { defined } from "./defined.ts";
import { sha256 } from "./event/envelope.ts";
import { shortId } from "./event/identity.ts";

/**
 * What a log line says of its event, the same in every function's: people search for it, and the operator's command
 * tells an event's history from it. Never the body.
 */
export interface EventFields {
  /** Its `Idempotency-Key`. */
  readonly event_id: string;
  /** What people call it by: the local run's lines and `dlq list` begin with it. */
  readonly short_id: string;
  readonly source?: string;
  readonly event_type?: string;
  readonly conversation_id?: string;
  /** ISO 8601, UTC. */
  readonly received_at?: string;
}

/** What is known of an event; `null` is what an envelope says of what it does not know. */
interface KnownEvent {
  readonly id: string;
  readonly source?: string;
  readonly eventType?: string | null;
  readonly conversationId?: string | null;
  readonly receivedAt?: string;
}

/** Of a sender's own text: longer than any that Genesys gives, and short enough for a line that is paid for by the byte. */
const MOST_CHARACTERS = 120;
export const SHORT_ID_CHARACTERS = 12;

export function eventFields(event: KnownEvent): EventFields {
  return {
    event_id: event.id,
    short_id: shortId(event.id, SHORT_ID_CHARACTERS),
    ...defined({
      source: event.source,
      event_type: bounded(event.eventType),
      conversation_id: bounded(event.conversationId),
      received_at: event.receivedAt,
    }),
  };
}

/** Milliseconds: no sender waits as long for its answer. */
const PROMPT_MILLISECONDS = 60_000;

/** Of an accepted event's line, which every event has, all but its source: its id begins with that. */
export function acceptedFields<T extends Pick<EventFields, "source">>({
  source: _,
  ...fields
}: T): Omit<T, "source"> {
  return fields;
}

/** Of a delivered event's line that does not say which attempt it was: nearly all are delivered at their first. */
export const FIRST_ATTEMPT = 1;

/**
 * Of a delivered event's line, which nearly every event has, all that does not stand elsewhere: its id begins with its
 * source, the log group's name has function and environment, and one that does not say when the event was received
 * comes within a minute of that. The first attempt goes without saying.
 */
export function deliveredFields(
  { source: _, received_at, attempt, ...fields }: Partial<EventFields> & { readonly attempt?: number },
  now: Date,
): Readonly<Record<string, unknown>> {
  const isPrompt = now.getTime() - Date.parse(received_at ?? "") < PROMPT_MILLISECONDS;
  return {
    ...fields,
    ...(attempt === FIRST_ATTEMPT ? {} : defined({ attempt })),
    ...(isPrompt ? {} : defined({ received_at })),
    ...{ service: undefined, environment: undefined },
  };
}

/** The id of a message that is no envelope: what the processor or a dead letter has called it. */
export function idOfUnreadable(body: string, given: string | undefined): string {
  return given ?? sha256(body);
}

function bounded(text: string | null | undefined): string | undefined {
  return text?.slice(0, MOST_CHARACTERS).toWellFormed();
}

/**
 * Why an event gets no attempt now: the breaker is open; another invocation is at it, whose success or failure decides;
 * or the invocation that received it has no time left.
 */
export const deferReasons = ["breaker-open", "in-progress", "no-time"] as const;

export type DeferReason = (typeof deferReasons)[number];
