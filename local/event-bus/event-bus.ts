import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { isInvalidMessage } from "../../contract/event/invalid-message.ts";
import { jsonService } from "../cloud/json-service.ts";
import { ServiceError } from "../cloud/service-error.ts";
import type { RunEvents } from "../run-events.ts";
import type { EventRuleModel, QueueModel } from "../stack/model.ts";

export interface EventBusOptions {
  readonly rules: readonly EventRuleModel[];
  readonly sqs: SQSClient;
  readonly queues: readonly QueueModel[];
  /** Whether the rule may send to the queue, by the queue's own policy. */
  readonly maySend: (ruleArn: string, queueArn: string) => boolean;
  readonly runEvents: RunEvents;
  /** A rule could not put an event on its queue, or not even on its dead-letter queue: CloudWatch's metric of it. */
  readonly onFailed: (
    rule: EventRuleModel,
    metric: "FailedInvocations" | "InvocationsFailedToBeSentToDlq",
  ) => void;
  readonly region: string;
  readonly account: string;
}

/** One of `PutPartnerEvents`' entries. */
interface Entry {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly Time?: unknown;
  readonly Resources?: unknown;
}

/**
 * EventBridge as far as a partner's events need it: serves `PutPartnerEvents`, which Genesys calls, and puts
 * each event on the queue of every rule that takes it.
 *
 * AWS tries a target for a day, whoever put the event; here an event that a queue does not take is refused,
 * and whoever put it tries again.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPartnerEvents.html
 */
export function eventBus(options: EventBusOptions): RequestListener {
  return jsonService("AWSEvents", async (action, { Entries: entries }) => {
    if (action !== "PutPartnerEvents") {
      throw new ServiceError("UnknownOperationException", `The local run does not know ${action}.`);
    }
    if (!Array.isArray(entries) || entries.length === 0) {
      throw new ServiceError("ValidationException", "Entries must have at least one member.");
    }
    const answers = await Promise.all(entries.map((entry: Entry) => put(entry, options)));
    return { FailedEntryCount: answers.filter((answer) => "ErrorCode" in answer).length, Entries: answers };
  });
}

async function put(entry: Entry, options: EventBusOptions): Promise<object> {
  const { rules, runEvents, region, account } = options;
  const { Source: source, DetailType: detailType, Detail: detail } = entry;
  if (typeof source !== "string" || typeof detailType !== "string" || !isJsonObject(detail)) {
    return {
      ErrorCode: "MalformedDetail",
      ErrorMessage: "An entry needs Source, DetailType, and Detail as a JSON object in a string.",
    };
  }
  const id = randomUUID();
  const head = {
    version: "0",
    id,
    "detail-type": detailType,
    source,
    account,
    time: timeOf(entry.Time),
    region,
    resources: Array.isArray(entry.Resources) ? entry.Resources : [],
  };
  // The detail as its very text: big numbers and duplicate keys stay what they are.
  const event = `${JSON.stringify(head).slice(0, -1)},"detail":${detail}}`;
  const taking = rules.filter((rule) => rule.busName === source && rule.matches(JSON.parse(event)));
  try {
    for (const rule of taking) await send(event, rule, options);
  } catch (error) {
    return { ErrorCode: "InternalFailure", ErrorMessage: (error as Error).message };
  }
  runEvents.add({ kind: "bus", eventId: id, detailType, rules: taking.map(({ ruleName }) => ruleName) });
  return { EventId: id };
}

/**
 * To the rule's queue; where its policy refuses the rule, or it refuses the message, to the target's dead-letter
 * queue, or nowhere.
 *
 * @throws what SQS throws of anything else: whoever put the event tries again
 */
async function send(MessageBody: string, rule: EventRuleModel, options: EventBusOptions): Promise<void> {
  const { queueArn, deadLetterArn } = rule;
  const refusal = await sendTo(queueArn, MessageBody, {}, rule, options);
  if (refusal === undefined) return;
  options.onFailed(rule, "FailedInvocations");
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  // As EventBridge says why: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  const attributes = {
    RULE_ARN: text(rule.ruleArn),
    TARGET_ARN: text(queueArn),
    ERROR_CODE: text(refusal),
  };
  const dropped =
    deadLetterArn === undefined ||
    (await sendTo(deadLetterArn, MessageBody, attributes, rule, options)) !== undefined;
  if (dropped) options.onFailed(rule, "InvocationsFailedToBeSentToDlq");
}

/** @returns EventBridge's code for why the queue refuses it for good; nothing once the queue has it */
async function sendTo(
  queueArn: string,
  MessageBody: string,
  MessageAttributes: Record<string, MessageAttributeValue>,
  { ruleArn }: EventRuleModel,
  { sqs, queues, maySend }: EventBusOptions,
): Promise<string | undefined> {
  if (!maySend(ruleArn, queueArn)) return "NO_PERMISSIONS";
  const QueueUrl = queues.find(({ arn }) => arn === queueArn)?.url;
  if (QueueUrl === undefined) return "NO_RESOURCE";
  try {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    return undefined;
  } catch (error) {
    if (isInvalidMessage(error)) return "SDK_CLIENT_ERROR";
    throw error;
  }
}

function isJsonObject(text: unknown): text is string {
  if (typeof text !== "string") return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Seconds since 1970, as the JSON protocol writes times, or now. */
function timeOf(time: unknown): string {
  const at = typeof time === "number" ? new Date(time * 1000) : new Date();
  return at.toISOString().replace(/\.\d{3}Z$/, "Z");
}
