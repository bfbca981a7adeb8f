import { defined } from "../../contract/defined.ts";
import { deliveredFields, eventFields } from "../../contract/log-fields.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics } from "../../contract/metrics.ts";
import type { Observation } from "../breaker/observation.ts";
import { redriveFields } from "./attempt-counts.ts";
import { type Attempted, attemptDelivery } from "./attempt-delivery.ts";
import type { DeliveryOutcome } from "./classify.ts";
import { defer } from "./defer.ts";
import type { LockAhead } from "./delivery-lock.ts";
import type { ReceivedEvent } from "./once.ts";
import type { Ports } from "./ports.ts";
import type { Reading } from "./reading.ts";
import {
  isLastReceive,
  isUsedUp,
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
 *
 * @param lockAhead asks for what became of a lock on the event, taken ahead
 */
export async function processRecord(
  reading: Reading,
  ports: Ports,
  time: TimeFrame,
  lockAhead: (event: ReceivedEvent) => Promise<LockAhead> | undefined,
): Promise<Result> {
  const { attempts, event, malformed, received } = reading;
  const context = contextOf(reading, ports, time);
  if (malformed !== undefined) return sendToDeadLetterQueue(context, "malformed", malformed);
  if (ports.breaker.lastKnown === "open" && time.probe === undefined) return defer(context, "breaker-open");
  const attempted = await attemptDelivery(event, received, attempts, ports, time, lockAhead);
  switch (attempted.kind) {
    case "duplicate":
      ports.logger.info(logMessages.duplicate, context.logFields);
      return { kind: "delivered", duplicate: true };
    case "in-progress":
      return defer(context, "in-progress");
    case "attempted": {
      const result = await follow(afterAttempt(context, attempted), attempted.outcome);
      return result.kind === "delivered" ? { ...result, protected: attempted.protected } : result;
    }
  }
}

/** Has it come again at once, without an attempt: there is no time left for one. */
export function putBack(reading: Reading, ports: Ports, time: TimeFrame): Promise<Result> {
  return defer(contextOf(reading, ports, time), "no-time");
}

function contextOf({ record, attempts, event }: Reading, ports: Ports, time: TimeFrame): RecordContext {
  const logFields = { ...eventFields(event), attempt: attempts.attempt, ...redriveFields(record, attempts) };
  return { record, ports, time, attempts, startedAt: ports.now(), event, logFields };
}

/** What is known of the event after an attempt: its id, if it repeats another, and how many attempts there were. */
function afterAttempt(
  before: RecordContext,
  { id, attempts, otherBytes, milliseconds }: Extract<Attempted, { kind: "attempted" }>,
): RecordContext {
  const { ports } = before;
  const logFields = {
    ...before.logFields,
    ...eventFields({ ...before.event, id }),
    ...(id === before.event.id ? {} : { accepted_as: before.event.id }),
    attempt: attempts.attempt,
    duration_ms: milliseconds,
  };
  if (otherBytes) {
    ports.metrics.addMetric(metrics.processor.sameIdOtherBytes, "Count", 1);
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
      ports.logger.info(logMessages.delivered, deliveredFields(context.logFields, ports.now()));
      await observe(context, outcome);
      return { kind: "delivered", ...(context.attempts.redrives > 0 ? {} : receivedAt(context)) };
    case "permanent":
      await observe(context, outcome);
      // Many different events that are refused alike have opened it: then it is no event's fault, this one's neither.
      return outcome.status !== undefined && ports.breaker.lastKnown === "open"
        ? retryLater(context, outcome)
        : sendToDeadLetterQueue(context, "permanent", outcome);
    case "transient":
      await observe(context, outcome);
      if (await isExhausted(context)) {
        const lately = ports.breaker.lately(event.eventType);
        return sendToDeadLetterQueue(
          { ...context, logFields: { ...context.logFields, ...lately } },
          "exhausted",
          outcome,
        );
      }
      return retryLater(context, outcome);
  }
}

/** Tells the breaker, and whoever probes. What a handler turns down for good says nothing of a destination. */
async function observe(
  { ports, time, event, attempts }: RecordContext,
  outcome: DeliveryOutcome,
): Promise<void> {
  const { probe } = time;
  if (probe !== undefined) {
    probe.attempted++;
    if (outcome.class === "success") probe.delivered++;
    else probe.reason = outcome.message;
  }
  if (outcome.class === "permanent" && outcome.status === undefined) return;
  await ports.breaker.observe({
    kind: { success: "succeeded", transient: "failed", permanent: "refused" }[
      outcome.class
    ] as Observation["kind"],
    id: event.id,
    eventType: event.eventType,
    attempt: attempts.attempt,
    ...(outcome.class === "success" ? {} : { reason: outcome.message }),
    ...defined({ status: outcome.status, receivedAt: event.receivedAt }),
    ...(outcome.class === "transient" ? defined({ isMistake: outcome.isMistake }) : {}),
  });
}

/** Whether this was its last attempt: an event that may have met an outage has as many as it takes. */
async function isExhausted(context: RecordContext): Promise<boolean> {
  const { ports, event, attempts } = context;
  const isLast = isLastReceive(context) || (ports.breaker.manyFail && isUsedUp(context));
  if (!isLast) return false;
  const isToBlame = await ports.breaker.isToBlame(event.eventType, attempts.attempt);
  return isToBlame && ports.breaker.lastKnown === "closed";
}
