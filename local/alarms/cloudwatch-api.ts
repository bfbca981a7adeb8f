import type { RequestListener } from "node:http";
import { jsonService } from "../cloud/json-service.ts";
import { ServiceError } from "../cloud/service-error.ts";
import type { AlarmWatch } from "./alarm-watch.ts";
import { metricStatistics } from "./metric-statistics.ts";

type Input = Readonly<Record<string, unknown>>;

export interface CloudWatchContext {
  readonly region: string;
  readonly account: string;
}

/**
 * CloudWatch's API, as far as an operator asks it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function cloudWatchApi(watch: AlarmWatch, context: CloudWatchContext): RequestListener {
  return jsonService("GraniteServiceVersion20100801", (action, input) => {
    switch (action) {
      case "DescribeAlarms":
        return Promise.resolve(describeAlarms(watch, context, input));
      case "GetMetricStatistics":
        return Promise.resolve(metricStatistics(watch.history, input));
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
