import { type MessageAttributeValue, SendMessageCommand } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import { toAttributes, withoutReason } from "../../contract/event/dead-letter.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { type RecordContext, type Result, receivedAt } from "./record-context.ts";

/** SQS's most. */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Puts a copy of the message on the queue, its receives uncounted, so that an event that failed only because the
 * destination is down does not become a dead letter. The copy is no message in flight while it waits. Sent before the
 * message is given up: a crash in between leaves it twice, under one id.
 *
 * @param seconds until it is visible, of which SQS takes 900
 * @param attempted the reason of the attempt that failed; absent where there was none
 */
export async function requeue(context: RecordContext, seconds: number, attempted?: string): Promise<Result> {
  const { record, ports, logFields } = context;
  const DelaySeconds = Math.min(seconds, LONGEST_DELAY_SECONDS);
  try {
    await ports.sqs.send(
      new SendMessageCommand({
        QueueUrl: ports.settings.queueUrl,
        MessageBody: record.body,
        MessageAttributes: carriedAttributes(context),
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
    ...defined({ reason: attempted }),
    next_attempt_seconds: DelaySeconds,
  });
  return {
    kind: "requeued",
    ...(attempted === undefined ? {} : { attempted: true }),
    ...receivedAt(context),
  };
}

/**
 * What counts over an event's whole life, beside the attributes that it came with. A reason may be among those,
 * where a move task brought a dead letter back as it was; it is no longer true, and SQS takes ten.
 */
function carriedAttributes({
  record,
  attempts,
  event,
}: RecordContext): Record<string, MessageAttributeValue> {
  const came = Object.entries(record.messageAttributes).flatMap(([name, { dataType, stringValue }]) =>
    stringValue === undefined ? [] : [[name, { DataType: dataType, StringValue: stringValue }] as const],
  );
  const { attempt, firstAttemptAt, redrives } = attempts;
  const counted = toAttributes({
    attempts: attempt,
    firstAttemptAt,
    redrives,
    source: event.source,
    eventId: event.id,
  });
  return { ...withoutReason(Object.fromEntries(came)), ...counted };
}
