import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { variableOf } from "../../contract/environment.ts";
import { queueNameOf } from "../aws/queue-url.ts";
import { counted } from "../counted.ts";
import type { Environment } from "../environment/environment.ts";
import { isDenied } from "./guarded.ts";
import { duration } from "./words.ts";

/** Of a queue, as SQS gives them. */
export type Attributes = Readonly<Record<string, string | undefined>>;

/** SQS tells CloudWatch every minute, and of a queue that has been idle within a quarter of an hour. */
const METRIC_SECONDS = 60;
const METRIC_LOOK_BACK_SECONDS = 900;

export async function attributesOf({ clients }: Environment, queueUrl: string): Promise<Attributes> {
  const sqs = await clients.sqs();
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] });
  return (await sqs.send(command)).Attributes ?? {};
}

/** After how many receives the processor knows an event's last attempt. */
export async function receivesOfProcessor({ clients, outputs }: Environment): Promise<number | undefined> {
  const lambda = await clients.lambda();
  const command = new GetFunctionConfigurationCommand({ FunctionName: outputs.processorFunction });
  const { Environment: given } = await lambda.send(command);
  const text = given?.Variables?.[variableOf("processor", "maxReceiveCount")];
  return text === undefined ? undefined : Number(text);
}

/**
 * Seconds; nothing where CloudWatch has no value, or may not be asked: that is for the alarms' check to say. Of the main queue it leaves out what has been received three
 * times and is still there; https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export async function ageOfOldest(
  { clients }: Environment,
  queueUrl: string,
  now: number,
): Promise<number | undefined> {
  const cloudwatch = await clients.cloudwatch();
  const command = new GetMetricStatisticsCommand({
    Namespace: "AWS/SQS",
    MetricName: "ApproximateAgeOfOldestMessage",
    Dimensions: [{ Name: "QueueName", Value: queueNameOf(queueUrl) }],
    StartTime: new Date(now - METRIC_LOOK_BACK_SECONDS * 1_000),
    EndTime: new Date(now),
    Period: METRIC_SECONDS,
    Statistics: ["Maximum"],
  });
  const { Datapoints: points = [] } = await cloudwatch.send(command).catch((error: Error) => {
    if (isDenied(error)) return { Datapoints: [] };
    throw error;
  });
  const [latest] = points.toSorted((a, b) => Number(b.Timestamp) - Number(a.Timestamp));
  return latest?.Maximum;
}

export function depthIn(attributes: Attributes, age: number | undefined): string {
  const visible = numberIn(attributes, "ApproximateNumberOfMessages");
  const hidden = numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
  const delayed = numberIn(attributes, "ApproximateNumberOfMessagesDelayed");
  if (visible + hidden + delayed === 0) return "empty";
  const parts = [`${counted(visible, "message")} waiting`, `${hidden} in flight`];
  if (delayed > 0) parts.push(`${delayed} delayed`);
  if (age !== undefined) parts.push(`the oldest for ${duration(age)}`);
  return parts.join(", ");
}

export function isEncrypted(attributes: Attributes): boolean {
  return attributes["SqsManagedSseEnabled"] === "true" || Boolean(attributes["KmsMasterKeyId"]);
}

export function numberIn(attributes: Attributes, name: string): number {
  return Number(attributes[name] ?? 0);
}
