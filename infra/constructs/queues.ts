import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy/index.js";
import { Construct } from "constructs";
import { maxMessageBytesOf } from "../../contract/message-size.ts";
import { jsonDocument } from "../json.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { EncryptedQueue, type Grants } from "./encrypted-queue.ts";

/**
 * The queue and its dead-letter queue. The dead-letter queue names the queue that may use it, so it comes
 * second, and the redrive policy third, as a resource of its own: there is no cycle.
 */
export class Queues extends Construct {
  readonly main: SqsQueue;
  readonly deadLetter: SqsQueue;
  /** Who may send is decided in them: whoever lets somebody send waits for both. */
  readonly policies: readonly SqsQueuePolicy[];

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings, grants?: Grants) {
    super(scope, id);
    const main = this.#createMain(names, settings, grants);
    this.main = main.queue;
    const deadLetter = this.#createDeadLetter(names, settings, grants);
    this.deadLetter = deadLetter.queue;
    this.policies = [main.policy, deadLetter.policy];
    new SqsQueueRedrivePolicy(this, "redrive", {
      queueUrl: this.main.url,
      redrivePolicy: jsonDocument({
        deadLetterTargetArn: this.deadLetter.arn,
        maxReceiveCount: settings.queue.maxReceiveCount,
      }),
    });
  }

  #createMain(names: Names, settings: EnvironmentSettings, grants?: Grants): EncryptedQueue {
    const { queue } = settings;
    const config = {
      name: names.queue,
      messageRetentionSeconds: queue.retentionSeconds,
      delaySeconds: queue.delaySeconds,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      maxMessageSize: maxMessageBytesOf(settings),
      receiveWaitTimeSeconds: 20, // long polling for people too; Lambda's poller has its own
    };
    return new EncryptedQueue(this, "main", config, settings, grants);
  }

  #createDeadLetter(names: Names, settings: EnvironmentSettings, grants?: Grants): EncryptedQueue {
    const { queue, deadLetterQueue } = settings;
    const config = {
      name: names.deadLetterQueue,
      messageRetentionSeconds: deadLetterQueue.retentionSeconds,
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      maxMessageSize: maxMessageBytesOf(settings),
      receiveWaitTimeSeconds: 20,
      redriveAllowPolicy: jsonDocument({
        redrivePermission: "byQueue",
        sourceQueueArns: [this.main.arn],
      }),
    };
    return new EncryptedQueue(this, "dead_letter", config, settings, grants);
  }
}
