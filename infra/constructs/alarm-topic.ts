import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { tlsOnly } from "../../contract/tls-only.ts";
import { toId } from "../ids.ts";
import type { Names } from "../names.ts";
import { dnsSuffixOf, partitionOf } from "../partition.ts";
import { policyDocument, type Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { AlarmChat } from "./alarm-chat.ts";

/** CloudWatch, when it says that an alarm has changed. */
const CLOUDWATCH = { Service: "cloudwatch.amazonaws.com" };

const USE = ["kms:Decrypt", "kms:GenerateDataKey"];

/** By way of SNS alone. */
function viaSns(region: string) {
  return { "kms:ViaService": `sns.${region}.${dnsSuffixOf(region)}` };
}

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

/** Where alarms are said: a topic of the environment's own, or one that was there before. */
export class AlarmTopic extends Construct {
  readonly arn: string;
  /** Of a topic of its own. */
  readonly keyArn: string | undefined;
  /** Alarms wait for them: without them, nobody is notified. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, names: Names, settings: EnvironmentSettings) {
    super(scope, id);
    const { alarms } = settings;
    const own = alarms.topicArn === undefined ? this.#createTopic(names, settings) : undefined;
    this.arn = own?.topic.arn ?? alarms.topicArn ?? "";
    this.keyArn = own?.key.arn;
    this.policies = own?.policies ?? [];
    for (const address of alarms.notify) this.#subscribe("email", address);
    for (const address of alarms.endpoints) this.#subscribe("https", address);
    if (alarms.slack.length > 0) new AlarmChat(this, "chat", names, settings, this.arn);
  }

  /**
   * Encrypted under a key of its own: under `alias/aws/sns` CloudWatch may not publish, and an alarm would go off
   * unheard. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
   */
  #createTopic(names: Names, { region }: EnvironmentSettings) {
    const key = new KmsKey(this, "key", {
      description: `Encrypts ${names.alarmTopic}`,
      enableKeyRotation: true,
    });
    const topic = new SnsTopic(this, "Default", { name: names.alarmTopic, kmsMasterKeyId: key.arn });
    const partition = partitionOf(region);
    const cloudWatch = `arn:${partition}:cloudwatch:${region}`;
    const policies = [this.#letUse(key, topic, region), this.#letPublish(topic, cloudWatch, names)];
    return { key, topic, policies };
  }

  /** What a role needs beside `sns:Publish`: a topic that was there before has a key of its owner's, if any. */
  useKey({ region }: EnvironmentSettings): Statement[] {
    if (this.keyArn === undefined) return [];
    return [
      {
        Sid: "EncryptNotices",
        Action: USE,
        Resource: this.keyArn,
        Condition: { StringEquals: viaSns(region) },
      },
    ];
  }

  #subscribe(protocol: "email" | "https", endpoint: string): void {
    new SnsTopicSubscription(this, toId("notify", endpoint), {
      topicArn: this.arn,
      protocol,
      endpoint,
      // A service that has to be asked for its confirmation gives it within a minute.
      ...(protocol === "https" ? { endpointAutoConfirms: true } : {}),
    });
  }

  #letUse(key: KmsKey, topic: SnsTopic, region: string): KmsKeyPolicy {
    const root = { AWS: `arn:${partitionOf(region)}:iam::${topic.owner}:root` };
    return new KmsKeyPolicy(this, "key_policy", {
      keyId: key.keyId,
      policy: policyDocument([
        {
          Sid: "AdministerByIam",
          Principal: root,
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
        {
          // Who may is IAM's to say: recovery, which says why deliveries have stopped.
          Sid: "EncryptByIam",
          Principal: root,
          Action: USE,
          Resource: "*",
          Condition: { StringEquals: viaSns(region) },
        },
      ]),
    });
  }

  #letPublish({ arn, owner }: SnsTopic, cloudWatch: string, names: Names): SnsTopicPolicy {
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
