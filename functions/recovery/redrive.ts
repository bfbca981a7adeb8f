import { GetQueueAttributesCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import {
  type RedriveTarget,
  receiveDeadLetters,
  redriveDeadLetter,
  showAgain,
} from "../../contract/dead-letter-queue.ts";
import { classOf, deadLetterAttributes } from "../../contract/event/dead-letter.ts";
import { isInvalidMessage } from "../../contract/event/invalid-message.ts";
import { pause } from "../runtime/pause.ts";

export interface RedriveSettings extends RedriveTarget {
  /** How often one event is brought back before it is left for a person. */
  readonly maxRedrives: number;
  /** Events per second; what the destination can bear beside its ordinary load. */
  readonly redrivesPerSecond: number;
  /** How long a dead letter is hidden while it is looked at: a run's whole time, or one run would see it twice. */
  readonly lookSeconds: number;
  /** Told of a message that had no room for some of its attributes. */
  readonly onLeftOut?: (messageId: string, names: readonly string[]) => void;
}

export interface RedriveResult {
  readonly redriven: number;
  /** Dead letters that recovery leaves alone: malformed, permanent, or brought back often enough. */
  readonly left: number;
  /** Whether every dead letter has been looked at. */
  readonly complete: boolean;
}

/** How many dead letters are visible, as SQS approximates it. */
export async function countDeadLetters(sqs: SQSClient, deadLetterQueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterQueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

/**
 * Puts dead letters that deserve another chance back on the main queue, each sent first and deleted after:
 * a run killed in between leaves one event on both, under one id.
 *
 * @param mayGoOn asked before every receive; false ends the run (time is up, or the breaker has opened).
 * @throws what SQS throws. A dead letter that the main queue does not take as it is stays, and is thrown at the
 * end: it holds up none of the others.
 */
export async function redriveDeadLetters(
  sqs: SQSClient,
  settings: RedriveSettings,
  mayGoOn: () => Promise<boolean>,
): Promise<RedriveResult> {
  const left: string[] = [];
  const refusals: unknown[] = [];
  let redriven = 0;
  let complete = false;
  try {
    while (await mayGoOn()) {
      const messages = await receiveDeadLetters(sqs, settings.deadLetterQueueUrl, settings.lookSeconds);
      if (messages.length === 0) {
        complete = true;
        break;
      }
      const chosen = messages.filter((message) => deservesAnotherChance(message, settings.maxRedrives));
      const rest = messages.filter((message) => !chosen.includes(message));
      left.push(...rest.map(({ ReceiptHandle }) => ReceiptHandle ?? ""));
      for (const message of chosen) {
        const outcome = await redriveDeadLetter(sqs, settings, message);
        if (outcome.kind === "done") {
          redriven++;
          if (outcome.leftOut !== undefined) settings.onLeftOut?.(message.MessageId ?? "", outcome.leftOut);
          continue;
        }
        if (!isInvalidMessage(outcome.error)) throw outcome.error;
        refusals.push(outcome.error);
        left.push(message.ReceiptHandle ?? "");
      }
      await pause((chosen.length / settings.redrivesPerSecond) * 1000);
    }
  } finally {
    await showAgain(sqs, settings.deadLetterQueueUrl, left);
  }
  if (refusals.length > 0) throw refusals[0];
  return { redriven, left: left.length, complete };
}

/**
 * `exhausted` met an outage. No class at all means that SQS moved it after crashes or timeouts of the
 * processor, or that EventBridge could not put it on the queue: an unknown error, and that means "again". The
 * others would only fail the same way.
 */
function deservesAnotherChance(message: Message, maxRedrives: number): boolean {
  const { MessageAttributes: attributes = {}, Attributes: system = {} } = message;
  const reason = classOf(attributes, system);
  const redrives = Number(attributes[deadLetterAttributes.redrives]?.StringValue ?? 0);
  return (reason === undefined || reason === "exhausted") && redrives < maxRedrives;
}
