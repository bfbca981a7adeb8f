import { SqsQueue, type SqsQueueConfig } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import { tlsOnly } from "../../contract/tls-only.ts";
import { dataLifecycle } from "../lifecycle.ts";
import { policyDocument, type Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** What a queue, by its ARN, lets others do than the account's own roles. */
export type Grants = (queueArn: string) => readonly Statement[];

/** A standard queue, encrypted by SQS or with the team's own key, that takes no call without TLS. */
export class EncryptedQueue extends Construct {
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;

  constructor(
    scope: Construct,
    id: string,
    config: SqsQueueConfig,
    settings: EnvironmentSettings,
    grants: Grants = () => [],
  ) {
    super(scope, id);
    const { encryptionKeyArn } = settings;
    this.queue = new SqsQueue(this, "Default", {
      ...config,
      ...(encryptionKeyArn === undefined
        ? { sqsManagedSseEnabled: true }
        : { kmsMasterKeyId: encryptionKeyArn }),
      ...dataLifecycle(settings),
    });
    const { arn } = this.queue;
    this.policy = new SqsQueuePolicy(this, "policy", {
      queueUrl: this.queue.url,
      policy: policyDocument([tlsOnly("sqs:*", arn), ...grants(arn)]),
    });
  }
}
