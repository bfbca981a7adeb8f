import { GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import type { Cloud } from "./cloud.ts";
import { requireEqual } from "./require.ts";

/**
 * Wants nothing to be left in a cloud that is ours alone.
 *
 * @throws {Error} naming what is left, each kind with its number
 */
export async function requireNothingLeft(title: string, cloud: Cloud): Promise<void> {
  const counts = Object.entries(await countResources(cloud));
  requireEqual(title, Object.fromEntries(counts.map(([kind, count]) => [kind, [0, count]])));
}

async function countResources(cloud: Cloud): Promise<Readonly<Record<string, number>>> {
  const [apis, functions, mappings, queues, buckets, tables, rules, parameters, alarms, logGroups] =
    await Promise.all([
      cloud.api.send(new GetApisCommand({})),
      cloud.lambda.send(new ListFunctionsCommand({})),
      cloud.lambda.send(new ListEventSourceMappingsCommand({})),
      cloud.sqs.send(new ListQueuesCommand({})),
      cloud.s3.send(new ListBucketsCommand({})),
      cloud.dynamodb.send(new ListTablesCommand({})),
      cloud.json.countRules(),
      cloud.ssm.send(new DescribeParametersCommand({})),
      cloud.cloudWatch.send(new DescribeAlarmsCommand({})),
      cloud.json.countLogGroups(),
    ]);
  return {
    APIs: apis.Items?.length ?? 0,
    functions: functions.Functions?.length ?? 0,
    mappings: mappings.EventSourceMappings?.length ?? 0,
    queues: queues.QueueUrls?.length ?? 0,
    buckets: buckets.Buckets?.length ?? 0,
    tables: tables.TableNames?.length ?? 0,
    rules,
    parameters: parameters.Parameters?.length ?? 0,
    alarms: alarms.MetricAlarms?.length ?? 0,
    "log groups": logGroups,
  };
}
