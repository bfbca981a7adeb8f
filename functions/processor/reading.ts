import type { SQSRecord } from "aws-lambda";
import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { type AttemptCounts, readAttempts } from "./attempt-counts.ts";
import { receivedEvent } from "./attempt-delivery.ts";
import type { Failure } from "./classify.ts";
import type { ReceivedEvent } from "./once.ts";
import { type EventHead, readRecord } from "./read-record.ts";

/** A message as it is read when its batch comes. */
export type Reading = { readonly record: SQSRecord; readonly attempts: AttemptCounts } & (
  | { readonly event: QueuedEvent; readonly received: ReceivedEvent; readonly malformed?: undefined }
  | { readonly event: EventHead; readonly received?: undefined; readonly malformed: Failure }
);

/** @throws {Error} for what nobody expected: again. */
export function readMessage(record: SQSRecord, now: Date): Reading {
  const attempts = readAttempts(record, now);
  const read = readRecord(record);
  if (read.malformed !== undefined) return { record, attempts, ...read };
  return { record, attempts, event: read.event, received: receivedEvent(read.event, attempts) };
}
