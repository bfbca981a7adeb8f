import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { functionEnvironment } from "../../../contract/environment.ts";
import { queueNameOf } from "../../aws/queue-url.ts";
import type { Environment } from "../../environment/environment.ts";
import type { Check } from "../check.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { commandFor, count, duration } from "../words.ts";

type Attributes = Readonly<Record<string, string | undefined>>;

/** Messages in flight that a standard queue takes; https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const IN_FLIGHT_LIMIT = 120_000;
const IN_FLIGHT_MANY = 90_000;

/** SQS tells CloudWatch every minute, and of a queue that has been idle within a quarter of an hour. */
const METRIC_SECONDS = 60;
const METRIC_LOOK_BACK_SECONDS = 900;

/** The main queue: how deep, how old, and whether what fails too often goes where it should. */
export const queue: Check = {
  name: "queue",
  async run({ environment, now }) {
    const { outputs } = environment;
    const [attributes, deadLetters, receives, age] = await Promise.all([
      attributesOf(environment, outputs.queueUrl),
      attributesOf(environment, outputs.deadLetterQueueUrl),
      receivesOfProcessor(environment),
      ageOfOldest(environment, outputs.queueUrl, now()),
    ]);
    const { ok, failure, warning } = findingsOf("queue");
    const trouble: Finding[] = [...redriveTrouble(environment, attributes, deadLetters, receives)];
    if (!isEncrypted(attributes)) trouble.push(failure("It is not encrypted.", deployAgain(environment)));
    const hidden = numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
    if (hidden >= IN_FLIGHT_MANY) {
      trouble.push(
        failure(
          `${hidden} messages are in flight, and at ${IN_FLIGHT_LIMIT} SQS hands out no more.`,
          `Hold deliveries back until the destination is well: ${commandFor(environment, "breaker open")}`,
        ),
      );
    }
    const retention = numberIn(attributes, "MessageRetentionPeriod");
    if (age !== undefined && age >= retention / 2) {
      trouble.push(
        warning(
          `The oldest event has waited for ${duration(age)}, and SQS deletes it after ${duration(retention)}.`,
          `Bring the destination back, or set the events aside: ${commandFor(environment, "breaker status")}`,
        ),
      );
    }
    return trouble.length > 0 ? trouble : [ok(depthIn(attributes, age))];
  },
};

/** The dead-letter queue: whether events wait there for a person, and how long they still have. */
export const deadLetterQueue: Check = {
  name: "dead letters",
  async run({ environment, now }) {
    const { outputs } = environment;
    const [attributes, main, age] = await Promise.all([
      attributesOf(environment, outputs.deadLetterQueueUrl),
      attributesOf(environment, outputs.queueUrl),
      ageOfOldest(environment, outputs.deadLetterQueueUrl, now()),
    ]);
    const { ok, failure, warning } = findingsOf("dead letters");
    const trouble: Finding[] = [];
    if (!isEncrypted(attributes))
      trouble.push(failure("The queue is not encrypted.", deployAgain(environment)));
    if (attributes["RedrivePolicy"]) {
      trouble.push(
        failure(
          "The dead-letter queue has a redrive policy of its own: looking into it would move messages on.",
          `The stack gives it none: ${deployAgain(environment)}`,
        ),
      );
    }
    const retention = numberIn(attributes, "MessageRetentionPeriod");
    const mainRetention = numberIn(main, "MessageRetentionPeriod");
    if (retention <= mainRetention) {
      trouble.push(
        failure(
          `Dead letters are kept for ${duration(retention)}, no longer than events on the main queue, and their time counts from there.`,
          deployAgain(environment),
        ),
      );
    }
    const waiting =
      numberIn(attributes, "ApproximateNumberOfMessages") +
      numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
    if (waiting > 0) {
      const words = depthIn(attributes, age);
      const remedy = `See why they are there, and redrive them once the reason is gone: ${commandFor(environment, "dlq stats")}`;
      const late = age !== undefined && age >= (retention - mainRetention) / 2;
      trouble.push(
        late
          ? failure(
              `${words}: SQS deletes them after ${duration(retention)}, their time on the main queue included.`,
              remedy,
            )
          : warning(words, remedy),
      );
    }
    return trouble.length > 0 ? trouble : [ok("none")];
  },
};

function* redriveTrouble(
  environment: Environment,
  attributes: Attributes,
  deadLetters: Attributes,
  receives: number | undefined,
): Generator<Finding> {
  const { failure } = findingsOf("queue");
  const policy = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as {
    readonly deadLetterTargetArn?: string;
    readonly maxReceiveCount?: number | string;
  };
  if (policy.deadLetterTargetArn === undefined) {
    yield failure(
      "It has no redrive policy: what makes the processor crash stays on it until SQS deletes it.",
      deployAgain(environment),
    );
  } else if (policy.deadLetterTargetArn !== deadLetters["QueueArn"]) {
    yield failure(
      `What fails too often goes to ${policy.deadLetterTargetArn}, not to the dead-letter queue of the outputs.`,
      deployAgain(environment),
    );
  } else if (receives !== undefined && Number(policy.maxReceiveCount) !== receives) {
    yield failure(
      `SQS moves events after ${policy.maxReceiveCount} receives, and the processor believes after ${receives}: it sets them aside too late, or too early.`,
      deployAgain(environment),
    );
  }
}

async function attributesOf({ clients }: Environment, queueUrl: string): Promise<Attributes> {
  const sqs = await clients.sqs();
  const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] });
  return (await sqs.send(asked)).Attributes ?? {};
}

/** After how many receives the processor knows an event's last attempt. */
async function receivesOfProcessor({ clients, outputs }: Environment): Promise<number | undefined> {
  const lambda = await clients.lambda();
  const asked = new GetFunctionConfigurationCommand({ FunctionName: outputs.processorFunction });
  const { Environment: given } = await lambda.send(asked);
  const text = given?.Variables?.[functionEnvironment.processor.maxReceiveCount];
  return text === undefined ? undefined : Number(text);
}

/**
 * Seconds; nothing where CloudWatch has no value. Of the main queue it leaves out what has been received three
 * times and is still there; https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
async function ageOfOldest(
  { clients }: Environment,
  queueUrl: string,
  now: number,
): Promise<number | undefined> {
  const cloudwatch = await clients.cloudwatch();
  const { Datapoints: points = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/SQS",
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: [{ Name: "QueueName", Value: queueNameOf(queueUrl) }],
      StartTime: new Date(now - METRIC_LOOK_BACK_SECONDS * 1_000),
      EndTime: new Date(now),
      Period: METRIC_SECONDS,
      Statistics: ["Maximum"],
    }),
  );
  const [latest] = points.toSorted((a, b) => Number(b.Timestamp) - Number(a.Timestamp));
  return latest?.Maximum;
}

function depthIn(attributes: Attributes, age: number | undefined): string {
  const visible = numberIn(attributes, "ApproximateNumberOfMessages");
  const hidden = numberIn(attributes, "ApproximateNumberOfMessagesNotVisible");
  const delayed = numberIn(attributes, "ApproximateNumberOfMessagesDelayed");
  if (visible + hidden + delayed === 0) return "empty";
  const parts = [`${count(visible, "message")} waiting`, `${hidden} in flight`];
  if (delayed > 0) parts.push(`${delayed} delayed`);
  if (age !== undefined) parts.push(`the oldest for ${duration(age)}`);
  return parts.join(", ");
}

function isEncrypted(attributes: Attributes): boolean {
  return attributes["SqsManagedSseEnabled"] === "true" || Boolean(attributes["KmsMasterKeyId"]);
}

function numberIn(attributes: Attributes, name: string): number {
  return Number(attributes[name] ?? 0);
}

function deployAgain({ kind, outputs }: Environment): string {
  return kind === "local"
    ? "Start the local run again."
    : `Somebody has changed it by hand: npm run plan -- ${outputs.environment} shows how, and a deployment puts it right.`;
}
