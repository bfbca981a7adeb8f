import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import { toId } from "../ids.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";

const PERIOD_SECONDS = 60; // SQS reports its depth once a minute

/**
 * Says when an event has been set aside, and when none is left.
 *
 * The topic has no KMS key: CloudWatch cannot publish to one under `alias/aws/sns`, and fails silently; a key
 * of our own would cost more than the rest of an idle pipeline, to hide an alarm's name and a number.
 */
export class DeadLetterAlarm extends Construct {
  constructor(
    scope: Construct,
    id: string,
    names: Names,
    { alarms }: EnvironmentSettings,
    deadLetterQueue: SqsQueue,
  ) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", { name: names.alarmTopic });
    for (const address of alarms.notify) {
      new SnsTopicSubscription(this, toId("notify", address), {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: address,
      });
    }
    this.createAlarm(names, alarms.deadLetters, deadLetterQueue, topic);
  }

  private createAlarm(names: Names, threshold: number, queue: SqsQueue, topic: SnsTopic): void {
    new CloudwatchMetricAlarm(this, "Default", {
      alarmName: names.deadLetterAlarm,
      alarmDescription: `Events in ${names.deadLetterQueue}: each says in its attributes why it is there`,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "notBreaching", // SQS stops reporting on a queue that has been idle for hours
      metricQuery: [
        { id: "depth", expression: "visible + in_flight", label: "Dead letters", returnData: true },
        depth("visible", "ApproximateNumberOfMessagesVisible", queue),
        // Somebody who reads the queue must not silence the alarm.
        depth("in_flight", "ApproximateNumberOfMessagesNotVisible", queue),
      ],
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

function depth(id: string, metricName: string, queue: SqsQueue) {
  return {
    id,
    metric: {
      namespace: "AWS/SQS",
      metricName,
      dimensions: { QueueName: queue.name },
      stat: "Maximum",
      period: PERIOD_SECONDS,
    },
  };
}
