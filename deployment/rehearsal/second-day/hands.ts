import {
  DeleteRouteCommand,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  DeleteAliasCommand,
  DeleteFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { OPERATOR_ALIAS } from "../../../contract/operator-alias.ts";
import type { Cloud } from "../cloud.ts";
import type { Stores } from "./contents.ts";
import { LIVED } from "./lived.ts";

/** What somebody does to an environment in the console, and the address that a plan has to name for it. */
export interface Hand {
  readonly address: string;
  readonly title: string;
  readonly work: (cloud: Cloud, stores: Stores) => Promise<unknown>;
}

const BASE = `genesys-events-${LIVED}`;
const ANYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** Whatever a hand can do that stops events, loses them, or opens a door: the next deployment takes it back. */
export const hands: readonly Hand[] = [
  {
    address: "aws_cloudwatch_event_rule.recovery_schedule",
    title: "recovery's schedule is disabled",
    work: ({ json }) => json.disableRule(`${BASE}-recovery-schedule`),
  },
  {
    address: "aws_cloudwatch_event_target.recovery_target",
    title: "recovery's schedule calls nobody",
    work: ({ json }) => json.removeTargets(`${BASE}-recovery-schedule`),
  },
  {
    address: "aws_iam_role_policies_exclusive.processor_exclusive_policies",
    title: "the processor may do anything",
    work: ({ query }) =>
      query.call("iam", "PutRolePolicy", {
        RoleName: `${BASE}-processor`,
        PolicyName: "by-hand",
        PolicyDocument: ANYTHING,
      }),
  },
  {
    address: "aws_iam_role_policy_attachments_exclusive.receiver_exclusive_attachments",
    title: "a policy is attached to the receiver's role",
    work: async ({ query }) => {
      const made = await query.call("iam", "CreatePolicy", {
        PolicyName: "by-hand",
        PolicyDocument: ANYTHING,
      });
      const [, arn = ""] = /<Arn>([^<]+)</.exec(made) ?? [];
      await query.call("iam", "AttachRolePolicy", { RoleName: `${BASE}-receiver`, PolicyArn: arn });
    },
  },
  {
    address: "aws_lambda_function.receiver",
    title: "the receiver is throttled to one at once",
    work: ({ lambda }) =>
      lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: `${BASE}-receiver`,
          ReservedConcurrentExecutions: 1, // moto takes 0 for none
        }),
      ),
  },
  {
    address: "aws_lambda_function.processor",
    title: "the processor has three seconds",
    work: ({ lambda }) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: `${BASE}-processor`, Timeout: 3 })),
  },
  {
    address: "aws_lambda_event_source_mapping.processor_mapping",
    title: "the mapping reports no failures of single events",
    work: async ({ lambda }) => {
      const { EventSourceMappings: [mapping] = [] } = await lambda.send(
        new ListEventSourceMappingsCommand({}),
      );
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, BatchSize: 1 }));
    },
  },
  {
    address: "aws_lambda_permission.api_permission_webhook",
    title: "the API may not call the receiver",
    work: ({ lambda }) =>
      lambda.send(
        new RemovePermissionCommand({ FunctionName: `${BASE}-receiver`, StatementId: "api-webhook" }),
      ),
  },
  {
    address: "aws_lambda_function_event_invoke_config.recovery_invocations",
    title: "calls of recovery are repeated",
    work: ({ lambda }) =>
      lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: `${BASE}-recovery` })),
  },
  {
    address: "aws_lambda_alias.recovery_orders",
    title: "nobody can order the breaker",
    work: ({ lambda }) =>
      lambda.send(new DeleteAliasCommand({ FunctionName: `${BASE}-recovery`, Name: OPERATOR_ALIAS })),
  },
  {
    address: "aws_cloudwatch_log_group.receiver_logs",
    title: "the receiver's log is kept for a day",
    work: ({ json }) => json.putRetention(`/aws/lambda/${BASE}-receiver`, 1),
  },
  {
    address: "aws_sqs_queue.queues_main",
    title: "events become visible after half a minute",
    work: ({ sqs }, { queueUrl }) =>
      sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: "30" } }),
      ),
  },
  {
    address: "aws_sqs_queue_policy.queues_dead_letter_policy",
    title: "the dead-letter queue takes calls without TLS",
    work: ({ sqs }, { deadLetterQueueUrl }) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, Attributes: { Policy: "" } })),
  },
  {
    address: "aws_sqs_queue_redrive_policy.queues_redrive",
    title: "the queue has no dead-letter queue",
    work: ({ sqs }, { queueUrl }) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy: "" } })),
  },
  {
    address: "aws_s3_bucket_public_access_block.overflow_public_access",
    title: "the bucket can be made public",
    work: ({ s3 }, { bucket }) => s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucket })),
  },
  {
    address: "aws_s3_bucket_policy.overflow_policy",
    title: "the bucket takes calls without TLS",
    work: ({ s3 }, { bucket }) => s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket })),
  },
  {
    address: "aws_s3_bucket_lifecycle_configuration.overflow_lifecycle",
    title: "nothing in the bucket expires",
    work: ({ s3 }, { bucket }) => s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucket })),
  },
  {
    address: "aws_s3_bucket_versioning.overflow_versioning",
    title: "what is deleted from the bucket is gone",
    work: ({ s3 }, { bucket }) =>
      s3.send(
        new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Suspended" } }),
      ),
  },
  {
    address: "aws_apigatewayv2_route.api_route_webhook",
    title: "the webhook's route is deleted",
    work: async ({ api }) => {
      const ApiId = await apiId(api);
      const { Items = [] } = await api.send(new GetRoutesCommand({ ApiId }));
      const route = Items.find(({ RouteKey }) => RouteKey === "POST /webhook");
      await api.send(new DeleteRouteCommand({ ApiId, RouteId: route?.RouteId }));
    },
  },
  {
    address: "aws_apigatewayv2_integration.api_integration",
    title: "the API calls somebody else's function",
    work: async ({ api }) => {
      const ApiId = await apiId(api);
      const { Items: [integration] = [] } = await api.send(new GetIntegrationsCommand({ ApiId }));
      const IntegrationUri = `${integration?.IntegrationUri}`.replace("-receiver", "-another");
      const { IntegrationId } = integration ?? {};
      await api.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, IntegrationUri }));
    },
  },
  {
    address: "aws_cloudwatch_metric_alarm.alarms_api_5xx",
    title: "an alarm tells nobody",
    work: async ({ cloudWatch }) => {
      const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [`${BASE}-api-5xx`] }),
      );
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: alarm?.AlarmName,
          AlarmDescription: alarm?.AlarmDescription,
          Namespace: alarm?.Namespace,
          MetricName: alarm?.MetricName,
          Dimensions: alarm?.Dimensions,
          Statistic: alarm?.Statistic,
          Period: alarm?.Period,
          EvaluationPeriods: alarm?.EvaluationPeriods,
          DatapointsToAlarm: alarm?.DatapointsToAlarm,
          Threshold: alarm?.Threshold,
          ComparisonOperator: alarm?.ComparisonOperator,
          TreatMissingData: alarm?.TreatMissingData,
          AlarmActions: alarm?.AlarmActions,
          OKActions: alarm?.OKActions,
          ActionsEnabled: false,
        }),
      );
    },
  },
  {
    address: "aws_cloudwatch_metric_alarm.alarms_breaker_open",
    title: "an alarm is deleted",
    work: ({ cloudWatch }) =>
      cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [`${BASE}-breaker-open`] })),
  },
  {
    address: "aws_sns_topic_subscription.alarms_topic_notify_on_2e_call_40_example_2e_com",
    title: "the person on call has unsubscribed",
    work: async ({ query }) => {
      const found = await query.call("sns", "ListSubscriptions", {});
      const [, arn = ""] = /<SubscriptionArn>(arn:[^<]+)</.exec(found) ?? [];
      await query.call("sns", "Unsubscribe", { SubscriptionArn: arn });
    },
  },
];

async function apiId(api: Cloud["api"]): Promise<string | undefined> {
  const { Items: [only] = [] } = await api.send(new GetApisCommand({}));
  return only?.ApiId;
}
