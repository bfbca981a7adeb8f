import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { deadLetterAttributes } from "../../contract/event/dead-letter.ts";
import { readEnvelope } from "../../contract/event/read-envelope.ts";
import { type EventFields, eventFields, idOfUnreadable } from "../../contract/log-fields.ts";
import type { EventLogger } from "../runtime/observability.ts";

interface MovedMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
}

/** A line for each event that was moved, so that its history has no gap. It never throws: what is moved is moved. */
export function tellMoved(
  logger: EventLogger,
  message: string,
  moved: readonly MovedMessage[],
  more: object = {},
): void {
  for (const each of moved) logger.info(message, { ...fieldsOf(each), ...redrivesOf(each), ...more });
}

function fieldsOf({ body, attributes }: MovedMessage): EventFields {
  try {
    return eventFields(readEnvelope(body));
  } catch {
    return eventFields({ id: idOfUnreadable(body, attributes?.[deadLetterAttributes.eventId]?.StringValue) });
  }
}

function redrivesOf({ attributes }: MovedMessage): object {
  const redrives = Number(attributes?.[deadLetterAttributes.redrives]?.StringValue ?? 0);
  return redrives > 0 ? { redrives } : {};
}
