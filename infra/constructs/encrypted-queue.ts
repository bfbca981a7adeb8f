import { SqsQueue, type SqsQueueConfig } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import { policyDocument, tlsOnly } from "../policy.ts";

/** A standard queue, encrypted by SQS, that takes no call without TLS. */
export class EncryptedQueue extends Construct {
  public readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, config: SqsQueueConfig) {
    super(scope, id);
    this.queue = new SqsQueue(this, "Default", { ...config, sqsManagedSseEnabled: true });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: this.queue.url,
      policy: policyDocument([tlsOnly("sqs:*", this.queue.arn)]),
    });
  }
}
