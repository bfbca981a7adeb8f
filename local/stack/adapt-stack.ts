import { interpolate, type Reference } from "../../terraform/expression.ts";
import { StackError } from "../stack-error.ts";
import { alarm } from "./adapters/alarm.ts";
import { api, integration, stage } from "./adapters/api.ts";
import { bucket } from "./adapters/bucket.ts";
import { bus } from "./adapters/bus.ts";
import { alias, invocationSettings, lambdaFunction } from "./adapters/function.ts";
import { logMetricFilter } from "./adapters/log-metric-filter.ts";
import { mapping } from "./adapters/mapping.ts";
import { typesWithoutEffect } from "./adapters/no-effect.ts";
import { parameter } from "./adapters/parameter.ts";
import {
  bucketPolicy,
  lambdaPermission,
  logGroup,
  queuePolicy,
  role,
  rolePolicy,
} from "./adapters/permissions.ts";
import { queue, redriveAllowPolicy, redrivePolicy } from "./adapters/queue.ts";
import { route } from "./adapters/route.ts";
import { rule, target } from "./adapters/rule.ts";
import { table as dynamodbTable } from "./adapters/table.ts";
import { key, topic } from "./adapters/topic.ts";
import type { LocalStack } from "./model.ts";
import type { SynthesisedStack } from "./read.ts";
import { type RawResource, Resource } from "./resource.ts";
import { type AdapterContext, metaAttributes, type ResourceAdapter } from "./resource-adapter.ts";

/**
 * What the synthesised stack asks to run: docs/decisions/0009-local-run-from-terraform.md
 *
 * @throws {StackError} naming resource and construct, at the first type, attribute or expression that the
 * local run does not know: it would otherwise run something else than what would be deployed.
 */
export function adaptStack(synthesised: SynthesisedStack, context: AdapterContext): LocalStack {
  const resources = new Map<string, Resource>();
  const resolve = (reference: Reference): string => output(reference, resources, table, context);
  for (const raw of synthesised.resources) {
    resources.set(raw.address, new Resource(raw, (text) => interpolate(text, resolve)));
  }
  const table = adapters(resources, context);
  for (const raw of synthesised.resources) checkKnown(raw, table);

  const stack: LocalStack = {
    region: synthesised.region,
    queues: [],
    buckets: [],
    tables: [],
    parameters: [],
    functions: [],
    routes: [],
    mappings: [],
    schedules: [],
    eventRules: [],
    outputs: outputsOf(synthesised, (text) => interpolate(text, resolve)),
    alarms: [],
    countedAnswers: [],
    roles: [],
    resourcePolicies: [],
  };
  for (const [type, adapter] of table) {
    for (const resource of resources.values()) {
      if (resource.raw.type === type) adapter.add(resource, stack, context);
    }
  }
  return stack;
}

/**
 * Filled in as a resource's attributes are. One that names what the local run does not have, such as a custom
 * domain's address, is left out: nothing runs by an output.
 */
function outputsOf({ outputs }: SynthesisedStack, fill: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => {
      const attributes = { value };
      const raw = { type: "output", address: `output.${name}`, constructPath: name, attributes };
      try {
        return [[name, new Resource(raw, fill).value("value")]];
      } catch (error) {
        if (error instanceof StackError) return [];
        throw error;
      }
    }),
  );
}

/** By resource type, in the order in which they are added: what is named comes before what names it. */
function adapters(
  resources: ReadonlyMap<string, Resource>,
  context: AdapterContext,
): Map<string, ResourceAdapter> {
  const integrationById = (id: string) =>
    [...resources.values()].find(
      (resource) =>
        resource.raw.type === "aws_apigatewayv2_integration" &&
        integration.outputs(resource, context)["id"] === id,
    );
  const ruleByName = (name: string) =>
    [...resources.values()].find(
      (resource) => resource.raw.type === "aws_cloudwatch_event_rule" && resource.text("name") === name,
    );
  return new Map<string, ResourceAdapter>([
    ["aws_sqs_queue", queue],
    ["aws_sqs_queue_redrive_policy", redrivePolicy],
    ["aws_sqs_queue_redrive_allow_policy", redriveAllowPolicy],
    ["aws_s3_bucket", bucket],
    ["aws_dynamodb_table", dynamodbTable],
    ["aws_ssm_parameter", parameter],
    ["aws_kms_key", key],
    ["aws_sns_topic", topic],
    ["aws_iam_role", role],
    ["aws_iam_role_policy", rolePolicy],
    ["aws_cloudwatch_log_group", logGroup],
    ["aws_sqs_queue_policy", queuePolicy],
    ["aws_s3_bucket_policy", bucketPolicy],
    ["aws_lambda_permission", lambdaPermission],
    ["aws_lambda_function", lambdaFunction],
    ["aws_lambda_alias", alias],
    ["aws_lambda_function_event_invoke_config", invocationSettings],
    ["aws_lambda_event_source_mapping", mapping],
    ["aws_apigatewayv2_api", api],
    ["aws_apigatewayv2_stage", stage],
    ["aws_cloudwatch_log_metric_filter", logMetricFilter],
    ["aws_apigatewayv2_integration", integration],
    ["aws_apigatewayv2_route", route(integrationById)],
    ["aws_cloudwatch_event_bus", bus],
    ["aws_cloudwatch_metric_alarm", alarm],
    ["aws_cloudwatch_event_rule", rule],
    ["aws_cloudwatch_event_target", target(ruleByName)],
  ]);
}

function checkKnown(raw: RawResource, table: ReadonlyMap<string, ResourceAdapter>): void {
  if (Object.hasOwn(typesWithoutEffect, raw.type)) return;
  const where = `${raw.address} (${raw.constructPath})`;
  const adapter = table.get(raw.type);
  if (!adapter) throw new StackError(where, `the local run does not know what a ${raw.type} does`);
  for (const attribute of Object.keys(raw.attributes)) {
    const known =
      adapter.uses.includes(attribute) ||
      Object.hasOwn(adapter.noEffect, attribute) ||
      Object.hasOwn(metaAttributes, attribute);
    if (!known) throw new StackError(where, `the local run does not know what "${attribute}" does`);
  }
}

function output(
  { address, attribute }: Reference,
  resources: ReadonlyMap<string, Resource>,
  table: ReadonlyMap<string, ResourceAdapter>,
  context: AdapterContext,
): string {
  const resource = resources.get(address);
  if (!resource) throw new Error(`names ${address}, which the stack does not have`);
  const value = table.get(resource.raw.type)?.outputs(resource, context)[attribute];
  if (value === undefined)
    throw new Error(`names ${address}.${attribute}, which the local run does not know`);
  return value;
}
