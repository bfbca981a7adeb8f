import { GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import type { Cloud } from "./cloud.ts";
import type { Finding } from "./finding.ts";

/** How many of each kind of resource there are in a cloud that is ours alone. */
export async function countResources(cloud: Cloud): Promise<Readonly<Record<string, number>>> {
  const [apis, functions, mappings, queues, buckets, tables, rules, parameters, alarms, logGroups] =
    await Promise.all([
      cloud.api.send(new GetApisCommand({})),
      cloud.lambda.send(new ListFunctionsCommand({})),
      cloud.lambda.send(new ListEventSourceMappingsCommand({})),
      cloud.sqs.send(new ListQueuesCommand({})),
      cloud.s3.send(new ListBucketsCommand({})),
      cloud.dynamodb.send(new ListTablesCommand({})),
      cloud.json.listRules(),
      cloud.ssm.send(new DescribeParametersCommand({})),
      cloud.cloudWatch.send(new DescribeAlarmsCommand({})),
      cloud.json.describeLogGroups(),
    ]);
  return {
    APIs: apis.Items?.length ?? 0,
    functions: functions.Functions?.length ?? 0,
    mappings: mappings.EventSourceMappings?.length ?? 0,
    queues: queues.QueueUrls?.length ?? 0,
    buckets: buckets.Buckets?.length ?? 0,
    tables: tables.TableNames?.length ?? 0,
    rules: rules.length,
    parameters: parameters.Parameters?.length ?? 0,
    alarms: alarms.MetricAlarms?.length ?? 0,
    "log groups": logGroups.length,
  };
}

/** That nothing is left, one finding for each kind. */
export function compareRemaining(title: string, counts: Readonly<Record<string, number>>): Finding {
  const left = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
  return { resource: title, property: "resources left", asked: {}, found: left };
}
