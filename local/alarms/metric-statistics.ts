import { ServiceError } from "../cloud/service-error.ts";
import type { MetricHistory } from "./metric-history.ts";

type Dimensions = readonly { readonly Name: string; readonly Value: string }[];

/** Those of which the last hour is kept. */
const STATISTICS = ["Sum", "SampleCount", "Average", "Minimum", "Maximum"];

/**
 * One statistic of one metric, a datapoint for each period of the last hour that has one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export function metricStatistics(history: MetricHistory, input: Readonly<Record<string, unknown>>) {
  const { Namespace, MetricName, Dimensions = [], StartTime, EndTime, Period, Statistics } = input;
  const [statistic = "", another] = (Statistics ?? []) as readonly string[];
  if (another !== undefined || !STATISTICS.includes(statistic)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `The local run gives one statistic at a time, of ${STATISTICS.join(", ")}.`,
    );
  }
  const pairs = (Dimensions as Dimensions).map(({ Name, Value }) => [Name, Value] as const);
  const values = history.values(
    { namespace: String(Namespace), metric: String(MetricName), dimensions: Object.fromEntries(pairs) },
    statistic,
    {
      from: Number(StartTime) * 1_000,
      to: Number(EndTime) * 1_000,
      periodMilliseconds: Number(Period) * 1_000,
    },
  );
  return {
    Label: MetricName,
    Datapoints: values.map(({ at, value }) => ({ Timestamp: at / 1_000, [statistic]: value })),
  };
}
