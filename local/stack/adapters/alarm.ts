import { readMetricMath } from "../metric-math.ts";
import type { AlarmQuery } from "../model.ts";
import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";
import { isStatistic } from "../statistics.ts";

const METRIC = ["namespace", "metric_name", "dimensions", "period", "statistic", "extended_statistic"];

export const alarm: ResourceAdapter = {
  uses: [
    "alarm_name",
    "alarm_description",
    "comparison_operator",
    "threshold",
    "evaluation_periods",
    "datapoints_to_alarm",
    "treat_missing_data",
    "metric_query",
    ...METRIC,
  ],
  noEffect: {
    alarm_actions: "the local run says it itself",
    ok_actions: "the local run says it itself",
  },
  outputs: (resource, { region, account }) => {
    const name = resource.text("alarm_name");
    return { id: name, alarm_name: name, arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` };
  },
  add(resource, stack) {
    const comparison = resource.text("comparison_operator");
    if (comparison !== "GreaterThanOrEqualToThreshold") resource.refuse(`compares by ${comparison}`);
    const missing = resource.text("treat_missing_data");
    if (missing !== "breaching" && missing !== "notBreaching") {
      return resource.refuse(`treats missing data as ${missing}`);
    }
    const evaluationPeriods = resource.number("evaluation_periods", 1);
    const { queries, expression, periodSeconds } = signalOf(resource);
    stack.alarms.push({
      address: resource.address,
      name: resource.text("alarm_name"),
      description: resource.optionalText("alarm_description") ?? "",
      threshold: resource.number("threshold", 0),
      evaluationPeriods,
      datapointsToAlarm: resource.number("datapoints_to_alarm", evaluationPeriods),
      missing,
      periodSeconds,
      queries,
      math: mathOf(resource, expression, Object.keys(queries)),
    });
  },
};

interface Signal {
  readonly expression: string;
  readonly queries: Readonly<Record<string, AlarmQuery>>;
  readonly periodSeconds: number;
}

function signalOf(resource: Resource): Signal {
  const given = resource.value("metric_query");
  if (given === undefined) {
    const { query, periodSeconds } = queryOf(
      resource,
      Object.fromEntries(METRIC.map((name) => [name, resource.value(name)])),
    );
    return { expression: "metric", queries: { metric: query }, periodSeconds };
  }
  const all = (Array.isArray(given) ? given : [given]) as Readonly<Record<string, unknown>>[];
  const [returned, second] = all.filter(({ return_data: returns }) => returns === true);
  const expression = returned?.["expression"];
  if (second !== undefined || typeof expression !== "string") {
    return resource.refuse("has not one expression whose value it looks at");
  }
  const metrics = all
    .filter((query) => query !== returned)
    .map(({ id, metric }) => [String(id), queryOf(resource, one(metric))] as const);
  const [period, other] = new Set(metrics.map(([, { periodSeconds }]) => periodSeconds));
  if (period === undefined || other !== undefined) return resource.refuse("has more than one period");
  const queries = Object.fromEntries(metrics.map(([id, { query }]) => [id, query]));
  return { expression, queries, periodSeconds: period };
}

function queryOf(resource: Resource, given: Readonly<Record<string, unknown>>) {
  const stat = given["stat"] ?? given["statistic"] ?? given["extended_statistic"];
  if (typeof stat !== "string" || !isStatistic(stat))
    return resource.refuse(`has the statistic ${String(stat)}`);
  const { namespace, metric_name: metric, dimensions, period } = given;
  if (typeof namespace !== "string" || typeof metric !== "string" || typeof period !== "number") {
    return resource.refuse("has a metric without namespace, name or period");
  }
  const named = (dimensions ?? {}) as Readonly<Record<string, string>>;
  return { query: { namespace, metric, dimensions: named, stat }, periodSeconds: period };
}

function mathOf(resource: Resource, expression: string, ids: readonly string[]) {
  try {
    return readMetricMath(expression, ids);
  } catch (error) {
    return resource.refuse((error as Error).message);
  }
}

function one(value: unknown): Readonly<Record<string, unknown>> {
  const [first] = [value].flat();
  return (first ?? {}) as Readonly<Record<string, unknown>>;
}
