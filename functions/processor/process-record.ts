import type { SQSRecord } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import { isCredentialRefusal } from "../destination/answer.ts";
import { attemptDelivery } from "./attempt.ts";
import { readAttempts } from "./attempts.ts";
import type { Outcome } from "./classify.ts";
import { holdBack, requeue, waitForOther } from "./hold-back.ts";
import { isLastReceive, type Passage, type Result, receivedAt, type TimeFrame } from "./passage.ts";
import type { Ports } from "./ports.ts";
import { postpone } from "./postpone.ts";
import { readRecord } from "./read-record.ts";
import { setAside } from "./set-aside.ts";

/**
 * Delivers one message from the queue and sees to what follows: nothing, a back-off, or a dead letter, which
 * is sent before the message is given up.
 */
export async function processRecord(record: SQSRecord, ports: Ports, time: TimeFrame): Promise<Result> {
  const startedAt = ports.now();
  const attempts = readAttempts(record, startedAt);
  const { event, malformed } = readRecord(record);
  const about = {
    event_id: event.id,
    source: event.source,
    ...(event.eventType === undefined ? {} : { event_type: event.eventType }),
    attempt: attempts.attempt,
  };
  const passage: Passage = { record, ports, time, attempts, startedAt, event, about };
  if (malformed !== undefined) return setAside(passage, "malformed", malformed);
  if (ports.breaker.lastKnown === "open") return holdBack(passage);
  const attempted = await attemptDelivery(event, attempts, ports, time);
  switch (attempted.kind) {
    case "duplicate":
      ports.logger.info(logMessages.duplicate, about);
      return { kind: "delivered", duplicate: true };
    case "in-progress":
      return waitForOther(passage);
    case "attempted": {
      const result = await follow(passage, attempted.outcome);
      return attempted.unprotected && result.kind === "delivered" ? { ...result, unprotected: true } : result;
    }
  }
}

/** Sees to what follows from an attempt. */
async function follow(before: Passage, outcome: Outcome): Promise<Result> {
  const { ports, event } = before;
  const status = outcome.status === undefined ? {} : { status: outcome.status };
  const passage: Passage = { ...before, about: { ...before.about, ...status } };
  switch (outcome.class) {
    case "success":
      ports.logger.info(logMessages.delivered, { ...passage.about, class: outcome.class });
      await ports.breaker.delivered();
      return { kind: "delivered" };
    case "permanent":
      await tellRefusal(passage, outcome);
      return setAside(passage, "permanent", outcome);
    case "transient":
      await ports.breaker.failed({ id: event.id, reason: outcome.message, ...receivedAt(passage) });
      if (!isLastReceive(passage)) return postpone(passage, outcome);
      return ports.breaker.lastKnown === "open" ? requeue(passage) : setAside(passage, "exhausted", outcome);
  }
}

type PermanentOutcome = Extract<Outcome, { class: "permanent" }>;

/**
 * A refusal is an answer: a destination that reads events and turns one down is well. One that does not take
 * our credentials turns all of them down, and no event is to blame.
 */
function tellRefusal(passage: Passage, { status, message }: PermanentOutcome): Promise<void> {
  const { breaker } = passage.ports;
  if (status === undefined) return Promise.resolve();
  if (!isCredentialRefusal(status)) return breaker.delivered();
  return breaker.failed({ id: passage.event.id, reason: message, ...receivedAt(passage) });
}
