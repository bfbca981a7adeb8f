import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { interpolate } from "../../terraform/expression.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** What makes Terraform take over something that is there. */
interface ImportBlock {
  readonly to: string;
  readonly id: string;
}

/** How SQS calls what Terraform sets, by the type of the resource that sets it. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_sqs_queue: {
    delay_seconds: "DelaySeconds",
    max_message_size: "MaximumMessageSize",
    message_retention_seconds: "MessageRetentionPeriod",
    receive_wait_time_seconds: "ReceiveMessageWaitTimeSeconds",
    redrive_allow_policy: "RedriveAllowPolicy",
    sqs_managed_sse_enabled: "SqsManagedSseEnabled",
    visibility_timeout_seconds: "VisibilityTimeout",
  },
  aws_sqs_queue_policy: { policy: "Policy" },
  aws_sqs_queue_redrive_policy: { redrive_policy: "RedrivePolicy" },
};

/**
 * Makes a stack's queues as it asks for them, those that are there included, and says how Terraform imports them: the
 * provider waits 25 s for every attribute of a queue that it sets itself, and for none that is set.
 */
export async function makeQueues(resource: Resources, sqs: SQSClient): Promise<ImportBlock[]> {
  const made = new Map<string, Readonly<Record<string, string>>>();
  for (const [id, { name }] of Object.entries(resource["aws_sqs_queue"] ?? {})) {
    const url = await queueUrl(String(name), sqs);
    const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] });
    const { Attributes } = await sqs.send(asked);
    made.set(`aws_sqs_queue.${id}`, { url, arn: Attributes?.["QueueArn"] ?? "" });
  }
  const written = (value: unknown) =>
    interpolate(String(value), ({ address, attribute }) => made.get(address)?.[attribute] ?? "");
  const imports: ImportBlock[] = [];
  for (const [type, names] of Object.entries(NAMES)) {
    for (const [id, given] of Object.entries(resource[type] ?? {})) {
      const url = made.get(`${type}.${id}`)?.["url"] ?? written(given["queue_url"]);
      const set = Object.entries(names).filter(([name]) => name in given);
      const Attributes = Object.fromEntries(set.map(([name, Name]) => [Name, written(given[name])]));
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
      imports.push({ to: `${type}.${id}`, id: url });
    }
  }
  return imports;
}

/** Of a queue, made where there is none. */
async function queueUrl(QueueName: string, sqs: SQSClient): Promise<string> {
  const found = await sqs.send(new GetQueueUrlCommand({ QueueName })).catch(() => undefined);
  const { QueueUrl = "" } = found ?? (await sqs.send(new CreateQueueCommand({ QueueName })));
  return QueueUrl;
}
