import type { StackJson, Values } from "../../../terraform/plan-json.ts";
import { ref } from "../../support/synthesise.ts";

export type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** The stack after somebody has changed it. */
export function changed(stack: StackJson, change: (resources: Resources) => void): StackJson {
  const copy = structuredClone(stack) as { resource: Resources };
  change(copy.resource);
  return copy as StackJson;
}

/** A resource that is there, to be changed. */
export function one(resources: Resources, address: string): Record<string, unknown> {
  const [type = "", id = ""] = address.split(".");
  const found = resources[type]?.[id];
  if (found === undefined) throw new Error(`There is no ${address}`);
  return found;
}

function remove(resources: Resources, address: string): void {
  one(resources, address);
  const [type = "", id = ""] = address.split(".");
  delete resources[type]?.[id];
}

export const set = (address: string, values: Values) => (resources: Resources) => {
  Object.assign(one(resources, address), values);
};

const without = (address: string, attribute: string) => (resources: Resources) => {
  delete one(resources, address)[attribute];
};

export const gone =
  (...addresses: readonly string[]) =>
  (resources: Resources) => {
    for (const address of addresses) remove(resources, address);
  };

/** Within an attribute, one text for another, where it stands. */
export const rewrite =
  (address: string, attribute: string, from: string, to: string) => (resources: Resources) => {
    const resource = one(resources, address);
    const text = JSON.stringify(resource[attribute]);
    if (!text.includes(JSON.stringify(from).slice(1, -1))) throw new Error(`${from} is not in ${text}`);
    resource[attribute] = JSON.parse(
      text.replaceAll(JSON.stringify(from).slice(1, -1), () => JSON.stringify(to).slice(1, -1)),
    );
  };

const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.overflow_lifecycle";

/** In the rule about spilled events. */
const inRule = (change: (rule: Record<string, unknown>) => void) => (resources: Resources) => {
  const [rule = {}] = one(resources, LIFECYCLE)["rule"] as Record<string, unknown>[];
  change(rule);
};

const MAPPING = "aws_lambda_event_source_mapping.processor_mapping";
const MAIN = "aws_sqs_queue.queues_main";
const DEAD = "aws_sqs_queue.queues_dead_letter";
const BUCKET = "aws_s3_bucket.overflow";
const TABLE = "aws_dynamodb_table.state";
const ALARM = "aws_cloudwatch_metric_alarm.alarms_dead_letters";

/** Each of them takes something, is seen by what it takes, and put back it is no loss. */
export const losing: readonly [what: string, change: (resources: Resources) => void, because: RegExp][] = [
  [
    "a route is removed",
    gone("aws_apigatewayv2_route.api_route_webhook"),
    /^route POST \/webhook: .* → gone$/,
  ],
  [
    "a route asks for an authorization",
    set("aws_apigatewayv2_route.api_route_webhook", { authorization_type: "AWS_IAM" }),
    /^route POST \/webhook: .* authorization NONE → .* authorization AWS_IAM$/,
  ],
  [
    "a route asks for an API key",
    set("aws_apigatewayv2_route.api_route_webhook", { api_key_required: true }),
    /NONE and an API key$/,
  ],
  [
    "a route leads elsewhere",
    rewrite(
      "aws_apigatewayv2_integration.api_integration",
      "integration_uri",
      "aws_lambda_function.receiver",
      "aws_lambda_function.recovery",
    ),
    /^route POST \/webhook: to aws_lambda_function.receiver .* → to aws_lambda_function.recovery /,
  ],
  ["the stage is removed", gone("aws_apigatewayv2_stage.api_stage"), /^stage \$default: there → gone$/],
  [
    "what changes does not go live",
    set("aws_apigatewayv2_stage.api_stage", { auto_deploy: false }),
    /goes live by itself: on → off$/,
  ],
  [
    "nothing is let through",
    set("aws_apigatewayv2_stage.api_stage", { default_route_settings: { throttling_rate_limit: 0 } }),
    /^throttling_rate_limit: 1000 → 0$/,
  ],
  [
    "the team's domain is removed",
    gone("aws_apigatewayv2_domain_name.api_domain"),
    /^domain events.example.com: /,
  ],
  [
    "the API may no longer call",
    gone("aws_lambda_permission.api_permission_webhook"),
    /^allow lambda:InvokeFunction on aws_lambda_function.receiver for apigateway.amazonaws.com .*: there → gone$/,
  ],
  [
    "the rule is removed",
    gone("aws_cloudwatch_event_rule.eventbridge_rule"),
    /^rule test-genesys|^rule .*-genesys-events: there → gone$/,
  ],
  [
    "the rule is disabled",
    set("aws_cloudwatch_event_rule.eventbridge_rule", { state: "DISABLED" }),
    /is enabled: on → off$/,
  ],
  [
    "the rule takes less",
    rewrite(
      "aws_cloudwatch_event_rule.eventbridge_rule",
      "event_pattern",
      '"v2.detail.events.user.{id}.status"',
      '"other"',
    ),
    /^pattern of rule /,
  ],
  [
    "the target is removed",
    gone("aws_cloudwatch_event_target.eventbridge_target"),
    /^target aws_sqs_queue.queues_main of rule .*: there → gone$/,
  ],
  [
    "the target has no dead-letter queue",
    without("aws_cloudwatch_event_target.eventbridge_target", "dead_letter_config"),
    /^dead-letter queue of target .*: aws_sqs_queue.queues_dead_letter → gone$/,
  ],
  [
    "the target is tried less",
    set("aws_cloudwatch_event_target.eventbridge_target", {
      retry_policy: { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 185 },
    }),
    /^maximum_event_age_in_seconds of target .*: 86400 → 60$/,
  ],
  [
    "the target gets part of an event",
    set("aws_cloudwatch_event_target.eventbridge_target", { input_path: "$.detail" }),
    /^form in which target .* gets events: whole → \$\.detail$/,
  ],
  ["the bus is removed", gone("aws_cloudwatch_event_bus.eventbridge_bus"), /^event bus aws.partner/],
  [
    "recovery runs once a day",
    set("aws_cloudwatch_event_rule.recovery_schedule", { schedule_expression: "rate(1 day)" }),
    /^runs a day of rule .*: 1440 → 1$/,
  ],
  [
    "recovery's schedule is a riddle",
    set("aws_cloudwatch_event_rule.recovery_schedule", { schedule_expression: "cron(0 0 1 1 ? 2099)" }),
    /^runs a day of rule .*: 1440 → \(known after apply\)$/,
  ],
  [
    "recovery is not called",
    gone("aws_cloudwatch_event_target.recovery_target"),
    /^target aws_lambda_function.recovery of rule /,
  ],
  [
    "the mapping is removed",
    gone(MAPPING),
    /^mapping aws_sqs_queue.queues_main → aws_lambda_function.processor: there → gone$/,
  ],
  [
    "the mapping is disabled",
    set(MAPPING, { enabled: false, lifecycle: {} }),
    /^mapping .* is enabled: on → off$/,
  ],
  [
    "partial answers are dropped",
    without(MAPPING, "function_response_types"),
    /^ReportBatchItemFailures of .*: on → off$/,
  ],
  [
    "a filter deletes events",
    set(MAPPING, { filter_criteria: { filter: [{ pattern: '{"body":{"source":["webhook"]}}' }] } }),
    /^events that .* takes: all → /,
  ],
  [
    "the mapping consumes another queue",
    rewrite(MAPPING, "event_source_arn", "queues_main", "queues_dead_letter"),
    /^mapping aws_sqs_queue.queues_main → aws_lambda_function.processor: there → gone$/,
  ],
  [
    "a function may not run",
    set("aws_lambda_function.receiver", { reserved_concurrent_executions: 0 }),
    /^function .*-receiver may run: on → off$/,
  ],
  [
    "the processor polls more than it may run",
    set("aws_lambda_function.processor", { reserved_concurrent_executions: 2 }),
    /runs all that its mapping polls: on → off$/,
  ],
  [
    "events go to another queue",
    rewrite(
      "aws_lambda_function.receiver",
      "environment",
      ref("aws_sqs_queue.queues_main.url"),
      "https://elsewhere/queue",
    ),
    /^QUEUE_URL of function .*-receiver: aws_sqs_queue.queues_main → https:\/\/elsewhere\/queue$/,
  ],
  [
    "loops are ended",
    set("aws_lambda_function_recursion_config.processor_recursion", { recursive_loop: "Terminate" }),
    /^loops of aws_lambda_function.processor: there → gone$/,
  ],
  [
    "the redrive policy is removed",
    gone("aws_sqs_queue_redrive_policy.queues_redrive"),
    /^dead-letter queue of aws_sqs_queue.queues_main: aws_sqs_queue.queues_dead_letter → gone$/,
  ],
  [
    "fewer receives",
    rewrite(
      "aws_sqs_queue_redrive_policy.queues_redrive",
      "redrive_policy",
      '"maxReceiveCount" = 5',
      '"maxReceiveCount" = 1',
    ),
    /^receives before an event of aws_sqs_queue.queues_main is a dead letter: 5 → 1$/,
  ],
  [
    "dead letters go elsewhere",
    rewrite(
      "aws_sqs_queue_redrive_policy.queues_redrive",
      "redrive_policy",
      "aws_sqs_queue.queues_dead_letter.arn",
      '"arn:aws:sqs:eu-west-1:1:x"',
    ),
    /^dead-letter queue of aws_sqs_queue.queues_main: aws_sqs_queue.queues_dead_letter → arn:aws:sqs:eu-west-1:1:x$/,
  ],
  [
    "the dead-letter queue takes nothing",
    set(DEAD, { redrive_allow_policy: '{"redrivePermission":"denyAll"}' }),
    /^dead letters that aws_sqs_queue.queues_dead_letter takes of aws_sqs_queue.queues_main: there → gone$/,
  ],
  [
    "the visibility is short",
    set(MAIN, { visibility_timeout_seconds: 30 }),
    /^visibility_timeout_seconds 30, timeout of aws_lambda_function.processor /,
  ],
  [
    "the queue takes less",
    set(MAIN, { max_message_size: 1_024 }),
    /^max_message_size of aws_sqs_queue.queues_main: 262144 → 1024$/,
  ],
  [
    "a queue keeps for less",
    set(MAIN, { message_retention_seconds: 3_600 }),
    /^message_retention_seconds: 345600 → 3600$/,
  ],
  [
    "a log keeps for less",
    set("aws_cloudwatch_log_group.receiver_logs", { retention_in_days: 1 }),
    /^retention_in_days: \d+ → 1$/,
  ],
  [
    "the bucket keeps for less",
    inRule((rule) => {
      rule["expiration"] = [{ days: 2 }];
    }),
    /^expiration.days of spill\/: \d+ → 2$/,
  ],
  [
    "the bucket deletes all of it by another rule",
    (resources) => {
      const { rule } = one(resources, LIFECYCLE);
      (rule as object[]).push({ id: "x", status: "Enabled", expiration: [{ days: 1 }] });
    },
    /^expiration.days of spill\/: \d+ → 1$/,
  ],
  [
    "the bucket forgets what was deleted",
    inRule((rule) => {
      rule["noncurrent_version_expiration"] = [{ noncurrent_days: 1 }];
    }),
    /^noncurrent_days of spill\/: 7 → 1$/,
  ],
  [
    "the bucket archives what recovery has to read",
    inRule((rule) => {
      rule["transition"] = [{ days: 1, storage_class: "DEEP_ARCHIVE" }];
    }),
    /^days until it is archived of spill\/: for ever → 1$/,
  ],
  [
    "a queue is not encrypted",
    without(MAIN, "kms_master_key_id"),
    /^encryption of aws_sqs_queue.queues_main: on → off$/,
  ],
  [
    "TLS is not asked for",
    gone("aws_sqs_queue_policy.queues_dead_letter_policy"),
    /^deny sqs:\* on aws_sqs_queue.queues_dead_letter for anybody if Bool aws:SecureTransport is false: there → gone$/,
  ],
  [
    "a queue's policy stands at another queue",
    rewrite("aws_sqs_queue_policy.queues_main_policy", "queue_url", "queues_main", "queues_dead_letter"),
    /^policy of aws_sqs_queue.queues_main: there → gone$/,
  ],
  [
    "EventBridge may not send",
    rewrite(
      "aws_sqs_queue_policy.queues_main_policy",
      "policy",
      '"events.amazonaws.com"',
      '"other.amazonaws.com"',
    ),
    /^allow sqs:SendMessage on aws_sqs_queue.queues_main for Service events.amazonaws.com .*: there → gone$/,
  ],
  [
    "a function may no longer send",
    rewrite("aws_iam_role_policy.receiver_policy", "policy", '"sqs:SendMessage"', '"sqs:GetQueueUrl"'),
    /^allow sqs:SendMessage on aws_sqs_queue.queues_main: there → gone$/,
  ],
  [
    "a function may store less",
    rewrite("aws_iam_role_policy.receiver_policy", "policy", "/spill/*", "/spill/a/*"),
    /^allow s3:PutObject on aws_s3_bucket.overflow\/spill\/\*: there → gone$/,
  ],
  [
    "a role may not be assumed",
    rewrite("aws_iam_role.receiver_role", "assume_role_policy", "lambda.amazonaws.com", "ec2.amazonaws.com"),
    /^allow sts:AssumeRole for Service lambda.amazonaws.com: there → gone$/,
  ],
  [
    "a role is bounded",
    set("aws_iam_role.receiver_role", { permissions_boundary: "arn:aws:iam::123456789012:policy/bound" }),
    /^permissions boundary: .*\/webhooks-boundary → arn:aws:iam::123456789012:policy\/bound$/,
  ],
  [
    "a function is refused what it may",
    rewrite(
      "aws_iam_role_policy.receiver_policy",
      "policy",
      '"Statement" = [',
      '"Statement" = [{"Effect" = "Deny", "Action" = "sqs:*", "Resource" = "*"}, ',
    ),
    /^deny sqs:\* on \*: new$/,
  ],
  [
    "a function has another role",
    rewrite("aws_lambda_function.receiver", "role", "receiver_role", "recovery_role"),
    /^allow s3:PutObject on aws_s3_bucket.overflow\/spill\/\*: there → gone$/,
  ],
  [
    "public access is not blocked",
    gone("aws_s3_bucket_public_access_block.overflow_public_access"),
    /^block_public_policy of aws_s3_bucket.overflow: on → gone$/,
  ],
  [
    "one of the four blocks is off",
    set("aws_s3_bucket_public_access_block.overflow_public_access", { restrict_public_buckets: false }),
    /^restrict_public_buckets of aws_s3_bucket.overflow: on → off$/,
  ],
  [
    "the bucket's policy is gone",
    gone("aws_s3_bucket_policy.overflow_policy"),
    /^deny s3:\* on aws_s3_bucket.overflow for anybody if /,
  ],
  [
    "versions are not kept",
    set("aws_s3_bucket_versioning.overflow_versioning", {
      versioning_configuration: { status: "Suspended" },
    }),
    /^versions in aws_s3_bucket.overflow: on → off$/,
  ],
  [
    "the bucket may be destroyed",
    set(BUCKET, { force_destroy: true }),
    /^refusal to delete aws_s3_bucket.overflow with what is in it: on → off$/,
  ],
  [
    "the table may be destroyed",
    set(TABLE, { deletion_protection_enabled: false }),
    /^deletion protection of aws_dynamodb_table.state: on → off$/,
  ],
  [
    "the table cannot be restored",
    without(TABLE, "point_in_time_recovery"),
    /^days of point-in-time recovery of aws_dynamodb_table.state: 35 → 0$/,
  ],
  [
    "items go by another attribute",
    set(TABLE, { ttl: { attribute_name: "id", enabled: true } }),
    /^ttl of aws_dynamodb_table.state: expiration → id$/,
  ],
  ["Terraform may destroy", set(MAIN, { lifecycle: {} }), /^lifecycle.prevent_destroy: not there$/],
  [
    "the bucket is encrypted by another's key",
    set("aws_s3_bucket_server_side_encryption_configuration.overflow_encryption", {
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    }),
    /^encryption of aws_s3_bucket.overflow: aws:kms → AES256$/,
  ],
  ["an alarm is removed", gone("aws_cloudwatch_metric_alarm.alarms_spill"), /^alarm .*-spill: there → gone$/],
  [
    "an alarm tells nobody",
    set(ALARM, { alarm_actions: [] }),
    /^alarm .*-dead-letters tells aws_sns_topic.alarms_topic: there → gone$/,
  ],
  [
    "an alarm is silenced",
    set(ALARM, { actions_enabled: false }),
    /^alarm .*-dead-letters tells somebody: on → off$/,
  ],
  [
    "an alarm never goes off",
    set(ALARM, { threshold: 1_000_000 }),
    /^threshold of alarm .*-dead-letters: 1 → 1000000$/,
  ],
  [
    "an alarm goes off the other way",
    set(ALARM, { comparison_operator: "LessThanThreshold" }),
    /^comparison of alarm .*-dead-letters: GreaterThanOrEqualToThreshold → LessThanThreshold$/,
  ],
  [
    "an alarm goes off tomorrow",
    set(ALARM, { datapoints_to_alarm: 1_440, evaluation_periods: 1_440 }),
    /^minutes until alarm .*-dead-letters: 3 → 1440$/,
  ],
  [
    "silence is no alarm",
    set("aws_cloudwatch_metric_alarm.alarms_recovery_silent", { treat_missing_data: "notBreaching" }),
    /goes off where nothing is measured: on → off$/,
  ],
  [
    "an alarm looks at nothing",
    rewrite(ALARM, "metric_query", "visible + in_flight", "0 * visible + in_flight"),
    /^what alarm .*-dead-letters looks at: /,
  ],
  [
    "an alarm looks elsewhere",
    rewrite(ALARM, "metric_query", "queues_dead_letter", "queues_main"),
    /^what alarm .*-dead-letters looks at: /,
  ],
  [
    "somebody is told no longer",
    (resources) => {
      delete resources["aws_sns_topic_subscription"];
    },
    /^email to on.call@example.com from aws_sns_topic.alarms_topic: there → gone$/,
  ],
  [
    "somebody is told less",
    (resources) => {
      for (const each of Object.values(resources["aws_sns_topic_subscription"] ?? {}))
        each["filter_policy"] = '{"x":["y"]}';
    },
    /^what email to on.call@example.com .* is told: all → /,
  ],
  [
    "CloudWatch may not publish",
    gone("aws_sns_topic_policy.alarms_topic_policy"),
    /^allow sns:Publish on aws_sns_topic.alarms_topic for Service cloudwatch.amazonaws.com /,
  ],
  [
    "a key is disabled",
    set("aws_kms_key.alarms_topic_key", { is_enabled: false }),
    /^key aws_kms_key.alarms_topic_key is enabled: on → off$/,
  ],
  [
    "the key may not be used",
    rewrite(
      "aws_kms_key_policy.alarms_topic_key_policy",
      "policy",
      '"kms:GenerateDataKey*"',
      '"kms:DescribeKey"',
    ),
    /^allow kms:GenerateDataKey\* on aws_kms_key.alarms_topic_key for Service cloudwatch.amazonaws.com: there → gone$/,
  ],
  [
    "Terraform writes over a secret",
    (resources) => {
      one(resources, "aws_ssm_parameter.receiver_secrets_webhook")["value_wo_version"] = 2;
    },
    /^value_wo_version$/,
  ],
];
