import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { SQSRecord } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics } from "../../contract/metrics.ts";
import { isUnauthorized } from "../destination/response.ts";
import { readAttempts } from "./attempt-counts.ts";
import { type Attempted, attemptDelivery } from "./attempt-delivery.ts";
import type { DeliveryOutcome } from "./classify.ts";
import { defer, requeue } from "./defer.ts";
import type { Ports } from "./ports.ts";
import { readRecord } from "./read-record.ts";
import {
  isLastReceive,
  type RecordContext,
  type Result,
  receivedAt,
  type TimeFrame,
} from "./record-context.ts";
import { retryLater } from "./retry-later.ts";
import { sendToDeadLetterQueue } from "./send-to-dead-letter-queue.ts";

/**
 * Delivers one message from the queue and sees to what follows: nothing, a back-off, or a dead letter, which
 * is sent before the message is given up.
 */
export async function processRecord(record: SQSRecord, ports: Ports, time: TimeFrame): Promise<Result> {
  const startedAt = ports.now();
  const attempts = readAttempts(record, startedAt);
  const { event, malformed } = readRecord(record);
  const logFields = {
    event_id: event.id,
    source: event.source,
    ...defined({ event_type: event.eventType }),
    attempt: attempts.attempt,
  };
  const context: RecordContext = { record, ports, time, attempts, startedAt, event, logFields };
  if (malformed !== undefined) return sendToDeadLetterQueue(context, "malformed", malformed);
  if (ports.breaker.lastKnown === "open") return defer(context, "breaker-open");
  const attempted = await attemptDelivery(event, attempts, ports, time);
  switch (attempted.kind) {
    case "duplicate":
      ports.logger.info(logMessages.duplicate, logFields);
      return { kind: "delivered", duplicate: true };
    case "in-progress":
      return defer(context, "in-progress");
    case "attempted": {
      const result = await follow(afterAttempt(context, attempted), attempted.outcome);
      return attempted.unprotected && result.kind === "delivered" ? { ...result, unprotected: true } : result;
    }
  }
}

/** What is known of the event after an attempt: its id, if it repeats another, and how many attempts there were. */
function afterAttempt(
  before: RecordContext,
  { id, attempts, otherBytes }: Extract<Attempted, { kind: "attempted" }>,
): RecordContext {
  const { ports } = before;
  const logFields = { ...before.logFields, event_id: id, attempt: attempts.attempt };
  if (otherBytes) {
    ports.metrics.addMetric(metrics.processor.sameIdOtherBytes, MetricUnit.Count, 1);
    ports.logger.warn(logMessages.otherBytes, logFields);
  }
  return { ...before, event: { ...before.event, id }, attempts, logFields };
}

/** Sees to what follows from an attempt. */
async function follow(before: RecordContext, outcome: DeliveryOutcome): Promise<Result> {
  const { ports, event } = before;
  const status = defined({ status: outcome.status });
  const context: RecordContext = { ...before, logFields: { ...before.logFields, ...status } };
  switch (outcome.class) {
    case "success":
      ports.logger.info(logMessages.delivered, { ...context.logFields, class: outcome.class });
      await ports.breaker.delivered();
      return { kind: "delivered" };
    case "permanent":
      await reportPermanent(context, outcome);
      return sendToDeadLetterQueue(context, "permanent", outcome);
    case "transient":
      await ports.breaker.failed({ id: event.id, reason: outcome.message, ...receivedAt(context) });
      if (!isLastReceive(context)) return retryLater(context, outcome);
      return ports.breaker.lastKnown === "open"
        ? requeue(context)
        : sendToDeadLetterQueue(context, "exhausted", outcome);
  }
}

type PermanentOutcome = Extract<DeliveryOutcome, { class: "permanent" }>;

/**
 * A refusal is an answer: a destination that reads events and turns one down is well. One that does not take
 * our credentials turns all of them down, and no event is to blame.
 */
function reportPermanent(context: RecordContext, { status, message }: PermanentOutcome): Promise<void> {
  const { breaker } = context.ports;
  if (status === undefined) return Promise.resolve();
  if (!isUnauthorized(status)) return breaker.delivered();
  return breaker.failed({ id: context.event.id, reason: message, ...receivedAt(context) });
}
