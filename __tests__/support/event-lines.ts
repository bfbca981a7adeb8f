import type { LogLine } from "../../cli/events/log-source.ts";
import type { FunctionName } from "../../contract/environment.ts";
import { acceptedFields, deliveredFields, eventFields } from "../../contract/log-fields.ts";
import { logMessages } from "../../contract/log-messages.ts";

export const BEGAN_AT = Date.parse("2026-11-26T08:00:00.000Z");

/** A line as a function writes it, so many seconds after the beginning. */
export function lineAt(
  seconds: number,
  name: FunctionName,
  what: keyof typeof logMessages,
  id: string,
  more: object = {},
): LogLine {
  const at = new Date(BEGAN_AT + seconds * 1_000);
  const about = eventFields({
    id,
    source: "webhook",
    eventType: "conversation:ended",
    conversationId: "c-1",
  });
  const line = {
    message: logMessages[what],
    timestamp: at.toISOString(),
    service: name,
    environment: "test",
    ...fieldsOf(what, { ...about, ...more }, at),
  };
  return { function: name, text: JSON.stringify(line) };
}

function fieldsOf(what: keyof typeof logMessages, fields: object, at: Date): object {
  if (what === "delivered") return deliveredFields(fields, at);
  return what === "accepted" ? acceptedFields(fields) : fields;
}

/** The lines of an event that failed, was dead, redriven by recovery, dead again, redriven by a person, and delivered. */
export function longWay(id: string): LogLine[] {
  const failed = {
    class: "transient",
    reason: "The destination answered 503.",
    status: 503,
    duration_ms: 20,
  };
  return [
    lineAt(0, "receiver", "accepted", id, { duration_ms: 10, request_id: "request" }),
    lineAt(1, "processor", "retryLater", id, { attempt: 1, ...failed, next_attempt_seconds: 2 }),
    lineAt(3, "processor", "requeued", id, {
      attempt: 1,
      deferred: "breaker-open",
      next_attempt_seconds: 300,
    }),
    lineAt(303, "processor", "inProgress", id, { attempt: 1, next_attempt_seconds: 1 }),
    lineAt(304, "processor", "deadLettered", id, { attempt: 2, ...failed, class: "exhausted" }),
    lineAt(400, "recovery", "redriven", id, { redrives: 1 }),
    lineAt(401, "processor", "deadLettered", id, {
      attempt: 3,
      redrives: 1,
      redriven_by: "recovery",
      ...failed,
      class: "exhausted",
    }),
    lineAt(402, "recovery", "parked", id, { dead_letter: true }),
    lineAt(900, "processor", "delivered", id, {
      attempt: 4,
      redrives: 2,
      redriven_by: "operator",
      status: 200,
      duration_ms: 30,
    }),
  ];
}
