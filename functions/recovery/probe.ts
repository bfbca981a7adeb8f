import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { showAgain } from "../../contract/dead-letter-queue.ts";
import { defined } from "../../contract/defined.ts";
import type { ProbeAnswer, ProbeEvent } from "../../contract/probe.ts";
import { toSqsRecord } from "../../contract/sqs-record.ts";
import { errorName } from "../runtime/error-name.ts";
import { within } from "../runtime/within.ts";

/** Whether the destination takes events again, and if not, why. */
export type ProbeResult =
  | { readonly kind: "well" }
  | { readonly kind: "failed"; readonly reason: string }
  /** No event is visible that could be tried. */
  | { readonly kind: "nothing-waits" };

export interface ProbeSettings {
  readonly queueUrl: string;
  readonly processorFunction: string;
  /** Deliveries that the processor makes at once: one probe takes no longer than one of them. */
  readonly batchConcurrency: number;
}

/** The time that a probe has. */
export interface ProbeTime {
  readonly mayGoOn: () => boolean;
  /** Until recovery itself is ended. */
  readonly remaining: () => number;
}

/** Several, since one of them may be bad, and one type may be. */
const MOST_EVENTS = 10;
/** An empty answer to a long poll has asked every server of the queue. */
const WAIT_SECONDS = 1;
/** What recovery needs to note what a probe found. */
const RESERVE_MILLISECONDS = 4_000;

/**
 * Asks the destination whether it is there again, by deliveries: no other request tells what a POST of an event would
 * meet. A few waiting events go to the processor, which deletes what is done. Each costs a receive.
 */
export async function probe(
  sqs: SQSClient,
  lambda: LambdaClient,
  settings: ProbeSettings,
  { mayGoOn, remaining }: ProbeTime,
): Promise<ProbeResult> {
  const tried = new Set<string | undefined>();
  let attempted = 0;
  let reason = "No event could be tried.";
  while (tried.size < MOST_EVENTS && mayGoOn()) {
    const count = Math.min(MOST_EVENTS - tried.size, settings.batchConcurrency);
    const messages = await receive(sqs, settings.queueUrl, count);
    if (messages.length === 0) break;
    // The back-off of one that has just failed may be over already: it has said what it can.
    if (messages.some(({ MessageId: id }) => tried.has(id))) {
      await showAgain(sqs, settings.queueUrl, handlesOf(messages));
      break;
    }
    for (const { MessageId: id } of messages) tried.add(id);
    try {
      const answer = await deliver(lambda, settings, messages, remaining() - RESERVE_MILLISECONDS);
      if (answer.delivered > 0) return { kind: "well" };
      attempted += answer.attempted;
      reason = answer.reason ?? reason;
    } catch (error) {
      // Nobody has tried them, or nobody knows: they need not wait for the queue's visibility.
      await showAgain(sqs, settings.queueUrl, handlesOf(messages));
      return { kind: "failed", reason: `The processor did not answer: ${errorName(error)}.` };
    }
  }
  return attempted === 0 ? { kind: "nothing-waits" } : { kind: "failed", reason };
}

const handlesOf = (messages: readonly Message[]) =>
  messages.flatMap(({ ReceiptHandle }) => ReceiptHandle ?? []);

async function receive(sqs: SQSClient, queueUrl: string, count: number): Promise<readonly Message[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return messages;
}

class ProcessorFailedError extends Error {}

/** @throws {Error} where the processor cannot be invoked, fails, or takes too long */
async function deliver(
  lambda: LambdaClient,
  { processorFunction, queueUrl }: ProbeSettings,
  messages: readonly Message[],
  milliseconds: number,
): Promise<ProbeAnswer> {
  const event: ProbeEvent = {
    probe: true,
    Records: messages.map((message) => toSqsRecord(message, queueUrl)),
  };
  const command = new InvokeCommand({
    FunctionName: processorFunction,
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const { FunctionError: failed, Payload: payload = Buffer.from("{}") } = await within(
    "The probe",
    milliseconds,
    (abortSignal) => lambda.send(command, { abortSignal }),
  );
  if (failed !== undefined) throw Object.assign(new ProcessorFailedError(), { code: failed });
  const {
    attempted = 0,
    delivered = 0,
    reason,
  } = JSON.parse(Buffer.from(payload).toString()) as Partial<ProbeAnswer>;
  return { attempted, delivered, ...defined({ reason }) };
}
