import type { SQSRecord } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import type { DeadLetterClass } from "../../contract/event/dead-letter.ts";
import type { ProbeAnswer } from "../../contract/probe.ts";
import type { AttemptCounts } from "./attempt-counts.ts";
import type { Ports } from "./ports.ts";
import type { EventHead } from "./read-record.ts";

/** What became of one record. */
export type Result =
  | {
      readonly kind: "delivered";
      readonly duplicate?: true;
      /** Whether a duplicate will be suppressed: known when the table has it. It never rejects. */
      readonly protected?: Promise<boolean>;
      /** Absent where it was a dead letter in between: those have an alarm of their own. */
      readonly receivedAt?: string;
    }
  | { readonly kind: "dead-lettered"; readonly class: DeadLetterClass }
  /** A copy lies on the queue, its receives uncounted. */
  | { readonly kind: "requeued"; readonly attempted?: true; readonly receivedAt?: string }
  | { readonly kind: "again"; readonly deferred?: true; readonly receivedAt?: string };

/** Whether Lambda may delete the record. */
export function isDone(result: Result | undefined): boolean {
  return result !== undefined && result.kind !== "again";
}

/** The time that one record has. */
export interface TimeFrame {
  readonly invokedAt: Date;
  /** When Lambda ends the invocation at the latest. */
  readonly invocationEndsAt: Date;
  /** Milliseconds from now that a delivery may take, the destination's own timeout aside. */
  readonly deliveryMilliseconds: () => number;
  /** Recovery asks whether the destination is there again: events are delivered although the breaker is open. */
  readonly probe?: ProbeTally;
}

/** What a probe finds out. */
export type ProbeTally = { -readonly [Key in keyof ProbeAnswer]: ProbeAnswer[Key] };

/** One record on its way: what is known of it, and what its log lines carry. */
export interface RecordContext {
  readonly record: SQSRecord;
  readonly ports: Ports;
  readonly time: TimeFrame;
  readonly attempts: AttemptCounts;
  readonly startedAt: Date;
  readonly event: EventHead;
  readonly logFields: Readonly<Record<string, string | number>>;
}

/** `receivedAt` of a result, where the event says so. */
export function receivedAt({ event }: RecordContext): { readonly receivedAt?: string } {
  return defined({ receivedAt: event.receivedAt });
}

/** Whether SQS would move the message to the dead-letter queue at its next receive. */
export function isLastReceive({ attempts, ports }: RecordContext): boolean {
  return attempts.receiveCount >= ports.settings.maxReceiveCount;
}

/** Whether the event has had as many attempts as its lives have receives: where it is sent anew, none is the last. */
export function isUsedUp({ attempts, ports }: RecordContext): boolean {
  return attempts.attempt >= (attempts.redrives + 1) * ports.settings.maxReceiveCount;
}
