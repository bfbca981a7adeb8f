import type { Message } from "@aws-sdk/client-sqs";
import { MessageTooLongError, redriven } from "../../contract/dead-letter-queue.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { type OutgoingMessage, type SendOutcome, sendMessages } from "../../contract/queue-batch.ts";
import type { Run } from "./run.ts";
import { tellMoved } from "./tell-moved.ts";

/**
 * Sends dead letters to the main queue, each with one redrive more. One that has no room for that is refused, and
 * one that has no room for all of its attributes is told. It never rejects.
 */
export async function sendRedriven(
  { sqs, settings, logger }: Run,
  messages: readonly Message[],
): Promise<SendOutcome[]> {
  const outcomes: SendOutcome[] = messages.map(() => ({ kind: "refused", error: new MessageTooLongError() }));
  const outgoing: OutgoingMessage[] = [];
  const places: number[] = [];
  messages.forEach((message, index) => {
    const fitted = redriven(message, settings.maxMessageBytes, "recovery");
    if (fitted === undefined) return;
    outgoing.push({ body: message.Body ?? "", attributes: fitted.attributes });
    places.push(index);
    if (fitted.leftOut.length === 0) return;
    logger.warn("A redriven event had no room for all of its attributes", {
      message_id: message.MessageId,
      attributes_left_out: fitted.leftOut.join(","),
    });
  });
  const sent = await sendMessages(sqs, settings.queueUrl, outgoing);
  sent.forEach((outcome, at) => {
    outcomes[places[at] ?? 0] = outcome;
  });
  const gone = outgoing.filter((_, at) => sent[at]?.kind === "sent");
  tellMoved(logger, logMessages.redriven, gone);
  return outcomes;
}
