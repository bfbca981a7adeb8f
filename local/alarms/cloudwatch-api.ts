import type { RequestListener } from "node:http";
import { jsonService } from "../cloud/json-service.ts";
import { ServiceError } from "../cloud/service-error.ts";
import { isStatistic } from "../stack/statistics.ts";
import type { AlarmWatch } from "./alarm-watch.ts";
import { type Dimensions, metricData, metricName } from "./metric-data.ts";

type Input = Readonly<Record<string, unknown>>;

export interface CloudWatchContext {
  readonly region: string;
  readonly account: string;
}

/**
 * CloudWatch's API, as far as an operator asks it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function cloudWatchApi(watch: AlarmWatch, context: CloudWatchContext): RequestListener {
  return jsonService("GraniteServiceVersion20100801", (action, input) => {
    switch (action) {
      case "DescribeAlarms":
        return Promise.resolve(describeAlarms(watch, context, input));
      case "GetMetricStatistics":
        return Promise.resolve(metricStatistics(watch, input));
      case "GetMetricData":
        return Promise.resolve(metricData(watch, input));
      default:
        throw new ServiceError("UnknownOperationException", `The local run does not know ${action}.`);
    }
  });
}

/** By name, by how names begin, or by state. */
function describeAlarms({ alarms }: AlarmWatch, { region, account }: CloudWatchContext, input: Input) {
  const { AlarmNames: names, AlarmNamePrefix: prefix = "", StateValue: wanted } = input;
  const found = alarms
    .filter(({ model }) => model.name.startsWith(String(prefix)))
    .filter(({ model }) => !Array.isArray(names) || names.includes(model.name))
    .filter(({ state }) => wanted === undefined || wanted === state);
  return {
    MetricAlarms: found.map(({ model, state, changedAt }) => ({
      AlarmName: model.name,
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${model.name}`,
      AlarmDescription: model.description,
      ActionsEnabled: true,
      StateValue: state,
      StateTransitionedTimestamp: changedAt / 1_000,
      Threshold: model.threshold,
      EvaluationPeriods: model.evaluationPeriods,
      DatapointsToAlarm: model.datapointsToAlarm,
      Period: model.periodSeconds,
    })),
    CompositeAlarms: [],
  };
}

/** One datapoint, over the last `Period` of the time asked for: a run keeps no more than its alarms look back. */
function metricStatistics(watch: AlarmWatch, input: Input) {
  const { Namespace, MetricName, Dimensions = [], EndTime, Period, Statistics } = input;
  const [statistic, another] = Statistics as readonly string[];
  if (statistic === undefined || another !== undefined || !isStatistic(statistic)) {
    throw new ServiceError("InvalidParameterValue", "The local run gives one statistic at a time.");
  }
  const end = Number(EndTime) * 1_000;
  const start = end - Number(Period) * 1_000;
  const value = watch.statistic(
    metricName(String(Namespace), String(MetricName), Dimensions as Dimensions),
    statistic,
    start,
    end,
  );
  return {
    Label: MetricName,
    Datapoints: value === undefined ? [] : [{ Timestamp: start / 1_000, [statistic]: value }],
  };
}
