import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { FittedAttributes } from "../../contract/event/fit-attributes.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { carriedAttributes, leftOutField } from "./carried-attributes.ts";
import { isLastReceive, type RecordContext, type Result, receivedAt } from "./record-context.ts";
import { changeVisibility, pauseSeconds } from "./retry-later.ts";

/** What an operator opened may stay open for long: look again now and then, at the price of a receive. */
const LONGEST_SECONDS = 300;

/**
 * Why an event gets no attempt now: the breaker is open, or another invocation is at it, whose success or failure
 * decides.
 */
type DeferReason = "breaker-open" | "in-progress";

const messages: Readonly<Record<DeferReason, string>> = {
  "breaker-open": logMessages.deferred,
  "in-progress": logMessages.inProgress,
};

/** Leaves an event for later without an attempt. */
export async function defer(context: RecordContext, reason: DeferReason): Promise<Result> {
  if (isLastReceive(context)) return requeue(context);
  const seconds = reason === "breaker-open" ? secondsUntilProbe(context) : Math.max(1, pauseSeconds(context));
  const visibility = await changeVisibility(context, seconds);
  context.ports.logger.info(messages[reason], { ...context.logFields, ...visibility });
  return { kind: "again", deferred: true, ...receivedAt(context) };
}

function secondsUntilProbe({ ports }: RecordContext): number {
  const seconds = Math.ceil((Date.parse(ports.breaker.nextProbeAt ?? "") - ports.now().getTime()) / 1000);
  return Number.isNaN(seconds) ? LONGEST_SECONDS : Math.min(Math.max(1, seconds), LONGEST_SECONDS);
}

/**
 * Puts a copy of the message on the queue, so that an event that failed only because the destination is down
 * does not become a dead letter. Sent before the message is given up: a crash in between leaves it twice,
 * under one id.
 */
export async function requeue(context: RecordContext): Promise<Result> {
  const { record, ports, logFields } = context;
  let fitted: FittedAttributes;
  try {
    fitted = whatCounts(context);
    await ports.sqs.send(
      new SendMessageCommand({
        QueueUrl: ports.settings.queueUrl,
        MessageBody: record.body,
        MessageAttributes: fitted.attributes,
      }),
    );
  } catch (error) {
    ports.logger.error(logMessages.retryLater, {
      ...logFields,
      class: "transient",
      reason: errorName(error),
    });
    return { kind: "again", ...receivedAt(context) };
  }
  ports.logger.warn(logMessages.requeued, { ...logFields, ...leftOutField(fitted) });
  return { kind: "requeued", ...receivedAt(context) };
}

/** What counts over an event's whole life, and what fits of the rest. */
function whatCounts({ record, ports, attempts, event }: RecordContext): FittedAttributes {
  const { attempt, firstAttemptAt, redrives } = attempts;
  const counted = {
    attempts: attempt,
    firstAttemptAt,
    redrives,
    source: event.source,
    eventId: event.id,
  };
  return carriedAttributes(record, counted, ports.settings.maxMessageBytes);
}
