import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import { tlsOnly } from "../../contract/tls-only.ts";
import { toId } from "../ids.ts";
import type { Names } from "../names.ts";
import { partitionOf } from "../partition.ts";
import { policyDocument } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** CloudWatch, when it says that an alarm has changed. */
const CLOUDWATCH = { Service: "cloudwatch.amazonaws.com" };

/**
 * The account's own rights to the key, one by one: who may use them is IAM's to say. Without this statement
 * nobody could ever change the key again.
 */
const ADMINISTRATION = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:PutKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:EnableKeyRotation",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:DisableKey",
  "kms:UpdateKeyDescription",
  "kms:ListResourceTags",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];

/**
 * Where alarms are said, encrypted under a key of its own: under `alias/aws/sns` CloudWatch may not publish,
 * and an alarm would go off unheard. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;
  /** Alarms wait for them: without them, nobody is notified. */
  readonly policies: readonly [KmsKeyPolicy, SnsTopicPolicy];

  constructor(scope: Construct, id: string, names: Names, { alarms, region }: EnvironmentSettings) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Encrypts ${names.alarmTopic}`,
      enableKeyRotation: true,
    });
    this.topic = new SnsTopic(this, "Default", { name: names.alarmTopic, kmsMasterKeyId: key.arn });
    const partition = partitionOf(region);
    this.policies = [
      this.#letUse(key, partition),
      this.#letPublish(`arn:${partition}:cloudwatch:${region}`, names),
    ];
    for (const address of alarms.notify) {
      new SnsTopicSubscription(this, toId("notify", address), {
        topicArn: this.topic.arn,
        protocol: "email",
        endpoint: address,
      });
    }
  }

  #letUse(key: KmsKey, partition: string): KmsKeyPolicy {
    return new KmsKeyPolicy(this, "key_policy", {
      keyId: key.keyId,
      policy: policyDocument([
        {
          Sid: "AdministerByIam",
          Principal: { AWS: `arn:${partition}:iam::${this.topic.owner}:root` },
          Action: ADMINISTRATION,
          Resource: "*", // in a key's policy: this key
        },
        {
          // Whose alarm it is, the topic's policy asks: a condition here that CloudWatch does not meet would
          // silence every alarm.
          Sid: "EncryptAlarms",
          Principal: CLOUDWATCH,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
      ]),
    });
  }

  #letPublish(cloudWatch: string, names: Names): SnsTopicPolicy {
    const { arn, owner } = this.topic;
    return new SnsTopicPolicy(this, "policy", {
      arn,
      policy: policyDocument([
        tlsOnly("sns:Publish", arn),
        {
          Sid: "PublishAlarms",
          Principal: CLOUDWATCH,
          Action: "sns:Publish",
          Resource: arn,
          Condition: { ArnLike: { "aws:SourceArn": `${cloudWatch}:${owner}:alarm:${names.base}-*` } },
        },
      ]),
    });
  }
}
