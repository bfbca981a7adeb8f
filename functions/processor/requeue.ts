import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { FittedAttributes } from "../../contract/event/fit-attributes.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { carriedAttributes, leftOutField } from "./carried-attributes.ts";
import { type RecordContext, type Result, receivedAt } from "./record-context.ts";

type RequeueReason = { readonly attempted: string } | { readonly deferred: string };

/** SQS's most. */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Puts a copy of the message on the queue, its receives uncounted, so that an event that failed only because the
 * destination is down does not become a dead letter. The copy is no message in flight while it waits. Sent before the
 * message is given up: a crash in between leaves it twice, under one id.
 *
 * @param seconds until it is visible, of which SQS takes 900
 * @param why the reason of the attempt that failed, or why there was none
 */
export async function requeue(context: RecordContext, seconds: number, why: RequeueReason): Promise<Result> {
  const { record, ports, logFields } = context;
  const DelaySeconds = Math.min(seconds, LONGEST_DELAY_SECONDS);
  let fitted: FittedAttributes;
  try {
    fitted = whatCounts(context);
    await ports.sqs.send(
      new SendMessageCommand({
        QueueUrl: ports.settings.queueUrl,
        MessageBody: record.body,
        MessageAttributes: fitted.attributes,
        DelaySeconds,
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
  ports.logger.warn(logMessages.requeued, {
    ...logFields,
    ...leftOutField(fitted),
    ...("attempted" in why ? { reason: why.attempted } : { deferred: why.deferred }),
    next_attempt_seconds: DelaySeconds,
  });
  return {
    kind: "requeued",
    ...("attempted" in why ? { attempted: true } : {}),
    ...receivedAt(context),
  };
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
