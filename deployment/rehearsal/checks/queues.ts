import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { AskedResource, AskedStack } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed } from "../finding.ts";

/** Resources that set one attribute of a queue from outside, by the name of that attribute. */
const satellites = {
  policy: "aws_sqs_queue_policy",
  redrive_policy: "aws_sqs_queue_redrive_policy",
  redrive_allow_policy: "aws_sqs_queue_redrive_allow_policy",
} as const;

/** Every queue's attributes, those that other resources set included. */
export async function checkQueues(asked: AskedStack, { sqs }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const queue of asked.ofType("aws_sqs_queue")) {
    const answer = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: String(queue.state["url"]), AttributeNames: ["All"] }),
    );
    findings.push(...compareQueue(asked, queue, answer.Attributes ?? {}));
  }
  return findings;
}

/** @param found as GetQueueAttributes answers: every value a string */
export function compareQueue(
  asked: AskedStack,
  queue: AskedResource,
  found: Readonly<Record<string, string>>,
): Finding[] {
  const given = queue.attributes;
  const policy = (name: keyof typeof satellites) =>
    parsed(
      given[name] ??
        asked.ofType(satellites[name]).find((it) => it.attributes["queue_url"] === queue.state["url"])
          ?.attributes[name],
    );
  return compare(queue.address, {
    "visibility, s": [text(given["visibility_timeout_seconds"]), found["VisibilityTimeout"]],
    "retention, s": [text(given["message_retention_seconds"]), found["MessageRetentionPeriod"]],
    "delay, s": [text(given["delay_seconds"]), found["DelaySeconds"]],
    "long poll, s": [text(given["receive_wait_time_seconds"]), found["ReceiveMessageWaitTimeSeconds"]],
    "largest message, B": [text(given["max_message_size"]), found["MaximumMessageSize"]],
    "encryption by SQS": [text(given["sqs_managed_sse_enabled"]), found["SqsManagedSseEnabled"]],
    "encryption key": [given["kms_master_key_id"], found["KmsMasterKeyId"]],
    policy: [policy("policy"), parsed(found["Policy"])],
    "redrive policy": [policy("redrive_policy"), parsed(found["RedrivePolicy"])],
    "redrive allow policy": [policy("redrive_allow_policy"), parsed(found["RedriveAllowPolicy"])],
  });
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
