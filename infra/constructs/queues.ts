import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy/index.js";
import { Construct } from "constructs";
import { jsonDocument } from "../json.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { EncryptedQueue } from "./encrypted-queue.ts";

/**
 * The queue and its dead-letter queue. The dead-letter queue names the queue that may use it, so it comes
 * second, and the redrive policy third, as a resource of its own: there is no cycle.
 */
export class Queues extends Construct {
  public readonly main: SqsQueue;
  public readonly deadLetter: SqsQueue;

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings) {
    super(scope, id);
    this.main = this.createMain(names, settings);
    this.deadLetter = this.createDeadLetter(names, settings);
    new SqsQueueRedrivePolicy(this, "redrive", {
      queueUrl: this.main.url,
      redrivePolicy: jsonDocument({
        deadLetterTargetArn: this.deadLetter.arn,
        maxReceiveCount: settings.queue.maxReceiveCount,
      }),
    });
  }

  private createMain(names: Names, { queue }: EnvironmentSettings): SqsQueue {
    return new EncryptedQueue(this, "main", {
      name: names.queue,
      messageRetentionSeconds: queue.retentionSeconds,
      delaySeconds: queue.delaySeconds,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      maxMessageSize: queue.maxMessageBytes,
      receiveWaitTimeSeconds: 20, // long polling for people too; Lambda's poller has its own
    }).queue;
  }

  private createDeadLetter(names: Names, { queue, deadLetterQueue }: EnvironmentSettings): SqsQueue {
    return new EncryptedQueue(this, "dead_letter", {
      name: names.deadLetterQueue,
      messageRetentionSeconds: deadLetterQueue.retentionSeconds,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      maxMessageSize: queue.maxMessageBytes,
      receiveWaitTimeSeconds: 20,
      redriveAllowPolicy: jsonDocument({
        redrivePermission: "byQueue",
        sourceQueueArns: [this.main.arn],
      }),
    }).queue;
  }
}
