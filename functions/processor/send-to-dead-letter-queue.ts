import { defined } from "../../contract/defined.ts";
import type { DeadLetterClass, DeadLetterReason } from "../../contract/event/dead-letter.ts";
import type { FittedAttributes } from "../../contract/event/fit-attributes.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import { leftOutField } from "./carried-attributes.ts";
import type { Failure } from "./classify.ts";
import { sendDeadLetter } from "./dead-letter.ts";
import { type RecordContext, type Result, receivedAt } from "./record-context.ts";

/**
 * Sends the dead letter, with its reason; only when SQS has it may the message go.
 * docs/decisions/0007-send-dead-letters-ourselves.md
 */
export async function sendToDeadLetterQueue(
  context: RecordContext,
  reasonClass: DeadLetterClass,
  { status, message, detail }: Failure,
): Promise<Result> {
  const { record, ports, attempts, startedAt, event, logFields } = context;
  const reason: DeadLetterReason = {
    class: reasonClass,
    ...defined({ status }),
    message: detail === undefined ? message : `${message} ${detail}`,
    attempts: attempts.attempt,
    firstAttemptAt: attempts.firstAttemptAt,
    lastAttemptAt: startedAt.toISOString(),
    source: event.source,
    eventId: event.id,
    redrives: attempts.redrives,
  };
  const line = { ...logFields, class: reasonClass, reason: message };
  let fitted: FittedAttributes;
  try {
    fitted = await sendDeadLetter(ports.sqs, ports.settings, record, reason);
  } catch (error) {
    ports.logger.error(logMessages.deadLetterFailed, { ...line, dead_letter_failure: errorName(error) });
    return { kind: "again", ...receivedAt(context) };
  }
  ports.logger.error(logMessages.deadLettered, { ...line, ...leftOutField(fitted) });
  return { kind: "dead-lettered", class: reasonClass };
}
