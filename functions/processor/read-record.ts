import type { SQSRecord } from "aws-lambda";
import { deadLetterAttributes } from "../../contract/event/dead-letter.ts";
import { PermanentError } from "../../contract/event/failure.ts";
import { type QueuedEvent, readEnvelope } from "../../contract/event/read-envelope.ts";
import { eventFields, idOfUnreadable } from "../../contract/log-fields.ts";
import { attribute } from "./attempt-counts.ts";
import type { Failure } from "./classify.ts";

/** What is known of an event before its bytes are; for a message that is no envelope, little. */
export type EventHead = Omit<QueuedEvent, "body">;

type Read =
  | { readonly event: QueuedEvent; readonly malformed?: undefined }
  | { readonly event: EventHead; readonly malformed: Failure };

/** @throws {Error} for what nobody expected: again. */
export function readRecord(record: SQSRecord): Read {
  try {
    return { event: readEnvelope(record.body) };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const event: EventHead = {
      id: idOfUnreadable(record.body, attribute(record, deadLetterAttributes.eventId)),
      source: "webhook", // it does not say; the tutorial's producers are webhooks
    };
    return { event, malformed: { message: error.message } };
  }
}

/** What a log line says of a record that something unforeseen has happened to; nothing where nobody can read it. */
export function fieldsOfRecord(record: SQSRecord): object {
  try {
    return eventFields(readRecord(record).event);
  } catch {
    return {};
  }
}
