import type { SQSRecord } from "aws-lambda";
import { deadLetterAttributes, REDRIVEN_BY } from "../../contract/event/dead-letter.ts";

/** How far an event has come, in this life of its message and in the ones before a redrive. */
export interface AttemptCounts {
  /** Receives of this message, this one included: what the redrive policy counts. */
  readonly receiveCount: number;
  /**
   * Requests to the destination so far, over all redrives. Before an attempt: those that the message tells of, to which
   * once.ts adds what the state table knows.
   */
  readonly attempt: number;
  readonly redrives: number;
  /** ISO 8601, UTC. */
  readonly firstAttemptAt: string;
}

export function readAttempts(record: SQSRecord, now: Date): AttemptCounts {
  const receiveCount = Math.max(1, count(record.attributes.ApproximateReceiveCount));
  return {
    receiveCount,
    attempt: count(attribute(record, deadLetterAttributes.attempts)),
    redrives: count(attribute(record, deadLetterAttributes.redrives)),
    firstAttemptAt: firstAttempt(record, now),
  };
}

/** What a log line says of an event that was a dead letter before: how often it was redriven, and by whom the last time. */
export function redriveFields(record: SQSRecord, { redrives }: AttemptCounts): object {
  // Only a move task brings a dead letter's reason along, and it says nothing of who had it moved.
  if (attribute(record, deadLetterAttributes.class) !== undefined)
    return { redrives, redriven_by: "unknown" };
  if (redrives === 0) return {};
  const by = attribute(record, REDRIVEN_BY);
  return { redrives, ...(by === "operator" || by === "recovery" ? { redriven_by: by } : {}) };
}

/** A message attribute's text, where there is one. */
export function attribute(record: SQSRecord, name: string): string | undefined {
  return record.messageAttributes?.[name]?.stringValue;
}

function firstAttempt(record: SQSRecord, now: Date): string {
  const recorded = Date.parse(attribute(record, deadLetterAttributes.firstAttemptAt) ?? "");
  if (!Number.isNaN(recorded)) return new Date(recorded).toISOString();
  const received = count(record.attributes.ApproximateFirstReceiveTimestamp);
  return received === 0 ? now.toISOString() : new Date(received).toISOString();
}

/** What anybody may have written into an attribute: a whole number, or nothing. */
function count(text: string | undefined): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 && value < 8.64e15 ? value : 0;
}
