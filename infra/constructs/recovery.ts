import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { OPERATOR_ALIAS } from "../../contract/operator-alias.ts";
import { MAPPING_NOTE_KEY, PARKED_PREFIX, SPILL_PREFIX } from "../../contract/overflow.ts";
import type { Artifact } from "../artifact.ts";
import type { Names } from "../names.ts";
import { policyDocument, type Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { variablesFor } from "../variables.ts";
import type { AlarmTopic } from "./alarm-topic.ts";
import { NodeFunction, type RoleAccess } from "./node-function.ts";
import type { OverflowBucket } from "./overflow-bucket.ts";
import type { Processor } from "./processor.ts";
import type { Queues } from "./queues.ts";
import { allowRecursion } from "./recursion.ts";
import type { StateTable } from "./state-table.ts";

export interface RecoveryConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
  readonly artifact: Artifact;
  readonly queues: Queues;
  readonly overflow: OverflowBucket;
  readonly state: StateTable;
  readonly processor: Processor;
  readonly alarmTopic: AlarmTopic;
}

/** EventBridge's shortest rate. */
const SCHEDULE = "rate(1 minute)";
/** The next run does what this one did not: there is nothing to retry, and nothing worth keeping for long. */
const MAX_EVENT_AGE_SECONDS = 60;

/** Brings events back: once a minute, and at once when the processor opens the breaker. */
export class Recovery extends Construct {
  readonly function: LambdaFunction;
  readonly access: RoleAccess;
  /** What lets the processor call recovery. */
  readonly callPolicy: IamRolePolicy;
  /** What runs it: from then on silence means something. */
  readonly schedule: ITerraformDependable;

  constructor(scope: Construct, id: string, config: RecoveryConfig) {
    super(scope, id);
    const { settings } = config;
    const recovery = new NodeFunction(
      this,
      "Default",
      {
        name: config.names.function("recovery"),
        description: "Closes the breaker when the destination is well, and brings events back",
        artifact: config.artifact,
        timeoutSeconds: settings.recovery.timeoutSeconds,
        memoryMegabytes: settings.recovery.memoryMegabytes,
        variables: this.#variables(config),
        permissions: this.#permissions(config),
      },
      settings,
    );
    this.function = recovery.function;
    allowRecursion(this, this.function);
    this.schedule = this.#schedule(config);
    const [callPolicy, followPolicy] = this.#letCall(config, recovery.access);
    this.callPolicy = callPolicy;
    this.access = { ...recovery.access, policies: [...recovery.access.policies, followPolicy] };
    this.#takeOrders();
  }

  #variables(config: RecoveryConfig) {
    const { environment, names, settings, queues, overflow, state, processor, alarmTopic } = config;
    return variablesFor("recovery", settings, {
      environment,
      queueUrl: queues.main.url,
      deadLetterQueueUrl: queues.deadLetter.url,
      overflowBucket: overflow.bucket.bucket,
      stateTable: state.table.name,
      eventSourceMapping: processor.mapping.uuid,
      processorFunction: processor.function.functionName,
      recoveryFunction: names.function("recovery"),
      alarmTopic: alarmTopic.arn,
    });
  }

  #permissions({ queues, overflow, state, processor, alarmTopic, settings }: RecoveryConfig): Statement[] {
    return [
      {
        Sid: "TakeMessages",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: [queues.main.arn, queues.deadLetter.arn],
      },
      {
        Sid: "ShowMessages",
        Action: "sqs:ChangeMessageVisibility",
        Resource: [queues.main.arn, queues.deadLetter.arn],
      },
      {
        Sid: "RequeueEvents",
        Action: "sqs:SendMessage",
        Resource: [queues.main.arn, queues.deadLetter.arn],
      },
      {
        Sid: "ListStored",
        Action: "s3:ListBucket",
        Resource: overflow.bucket.arn,
        Condition: { StringEquals: { "s3:prefix": [SPILL_PREFIX, PARKED_PREFIX, MAPPING_NOTE_KEY] } },
      },
      {
        Sid: "TakeStored",
        Action: ["s3:GetObject", "s3:DeleteObject"],
        Resource: [overflow.spilled, overflow.parked],
      },
      { Sid: "Park", Action: "s3:PutObject", Resource: overflow.parked },
      {
        Sid: "RenewClaimChecks",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: overflow.claimChecks,
      },
      {
        Sid: "ReadWriteState",
        Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        Resource: state.table.arn,
      },
      {
        Sid: "ToggleEventSourceMapping",
        Action: ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"],
        Resource: processor.mapping.arn,
      },
      { Sid: "NoteMapping", Action: ["s3:GetObject", "s3:PutObject"], Resource: overflow.mappingNote },
      // The processor delivers the few waiting events that a probe is.
      { Sid: "ProbeWithProcessor", Action: "lambda:InvokeFunction", Resource: processor.function.arn },
      { Sid: "SayWhyStopped", Action: "sns:Publish", Resource: alarmTopic.arn },
      ...alarmTopic.useKey(settings),
    ];
  }

  #schedule({ names }: RecoveryConfig): CloudwatchEventTarget {
    const rule = new CloudwatchEventRule(this, "schedule", {
      name: names.recoverySchedule,
      description: "Runs recovery",
      state: "ENABLED", // written out: what is not, Terraform leaves as somebody has left it
      scheduleExpression: SCHEDULE,
    });
    const target = new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: this.function.arn,
      retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS, maximumRetryAttempts: 0 },
    });
    new LambdaPermission(this, "permission", {
      statementId: "schedule",
      action: "lambda:InvokeFunction",
      functionName: this.function.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new LambdaFunctionEventInvokeConfig(this, "invocations", {
      functionName: this.function.functionName,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      maximumRetryAttempts: 0,
    });
    return target;
  }

  /** By a way of their own, which no function of this stack may go: `#letCall` names recovery without an alias. */
  #takeOrders(): void {
    new LambdaAlias(this, "orders", {
      name: OPERATOR_ALIAS,
      description: "Takes a person's orders to the breaker",
      functionName: this.function.functionName,
      functionVersion: "$LATEST",
    });
  }

  /** Policies of their own: they name recovery, which comes after the roles. */
  #letCall({ processor }: RecoveryConfig, own: RoleAccess): [IamRolePolicy, IamRolePolicy] {
    const policy = policyDocument([
      { Sid: "CallRecovery", Action: "lambda:InvokeFunction", Resource: this.function.arn },
    ]);
    const create = (id: string, { role }: RoleAccess) =>
      new IamRolePolicy(this, id, { name: "call-recovery", role: role.name, policy });
    return [create("call_policy", processor.access), create("follow_policy", own)];
  }
}
