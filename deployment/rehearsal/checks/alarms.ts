import { DescribeAlarmsCommand, type MetricAlarm, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { type AskedResource, type AskedStack, type Attributes, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding } from "../finding.ts";

/** Every metric alarm: what it measures, when it rings, whom it tells. */
export async function checkAlarms(asked: AskedStack, { cloudWatch }: Cloud): Promise<Finding[]> {
  const alarms = asked.ofType("aws_cloudwatch_metric_alarm");
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  return alarms.flatMap((it) =>
    compareAlarm(it, MetricAlarms.find((found) => found.AlarmName === it.attributes["alarm_name"]) ?? {}),
  );
}

export function compareAlarm(asked: AskedResource, found: MetricAlarm): Finding[] {
  const given = asked.attributes;
  const queries = given["metric_query"] as readonly Attributes[] | undefined;
  return compare(asked.address, {
    comparison: [given["comparison_operator"], found.ComparisonOperator],
    threshold: [given["threshold"], found.Threshold],
    "evaluation periods": [given["evaluation_periods"], found.EvaluationPeriods],
    "datapoints to alarm": [given["datapoints_to_alarm"], found.DatapointsToAlarm],
    "missing data": [given["treat_missing_data"], found.TreatMissingData],
    "alarm actions": [given["alarm_actions"], found.AlarmActions],
    "OK actions": [given["ok_actions"], found.OKActions],
    metric: [given["metric_name"], found.MetricName],
    namespace: [given["namespace"], found.Namespace],
    statistic: [given["statistic"], found.Statistic],
    percentile: [given["extended_statistic"], found.ExtendedStatistic],
    description: [given["alarm_description"], found.AlarmDescription],
    "period, s": [given["period"], found.Period],
    dimensions: [given["dimensions"], dimensions(found.Dimensions)],
    "metric math": [queries && byId(queries.map(askedQuery)), byId((found.Metrics ?? []).map(foundQuery))],
  });
}

interface Query {
  readonly id: unknown;
  readonly expression?: unknown;
  readonly metric?: unknown;
  readonly dimensions?: unknown;
  readonly period?: unknown;
  readonly stat?: unknown;
}

/** The form on which both sides are compared: a query is either an expression or one metric's statistic. */
function askedQuery(query: Attributes): Query {
  const metric = block(query["metric"]);
  if (metric === undefined) return { id: query["id"], expression: query["expression"] };
  return {
    id: query["id"],
    metric: `${metric["namespace"]} ${metric["metric_name"]}`,
    dimensions: metric["dimensions"],
    period: metric["period"],
    stat: metric["stat"],
  };
}

function foundQuery(query: MetricDataQuery): Query {
  const stat = query.MetricStat;
  if (stat === undefined) return { id: query.Id, expression: query.Expression };
  return {
    id: query.Id,
    metric: `${stat.Metric?.Namespace} ${stat.Metric?.MetricName}`,
    dimensions: dimensions(stat.Metric?.Dimensions),
    period: stat.Period,
    stat: stat.Stat,
  };
}

function dimensions(list: MetricAlarm["Dimensions"]): Record<string, unknown> {
  return Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value]));
}

/** CloudWatch promises no order of queries. */
function byId(queries: readonly Query[]): Query[] {
  return [...queries].sort((a, b) => String(a.id).localeCompare(String(b.id)));
}
