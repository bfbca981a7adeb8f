import { ServiceError } from "../cloud/service-error.ts";
import type { MetricName } from "../stack/model.ts";
import type { AlarmWatch } from "./alarm-watch.ts";

interface Query {
  readonly Id: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: Dimensions;
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

export type Dimensions = readonly { readonly Name: string; readonly Value: string }[];

/** Those of which the last hour is kept. */
const STATISTICS = ["Sum", "SampleCount", "Average", "Minimum", "Maximum"];

/**
 * Several metrics of the last hour, as a graph asks for them; the first value comes first, whatever is asked.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function metricData(watch: Pick<AlarmWatch, "history">, input: Readonly<Record<string, unknown>>) {
  const { MetricDataQueries: queries = [], StartTime, EndTime } = input;
  const [from, to] = [Number(StartTime) * 1_000, Number(EndTime) * 1_000];
  return {
    MetricDataResults: (queries as readonly Query[]).map(({ Id, MetricStat: wanted }) => {
      if (wanted === undefined || !STATISTICS.includes(wanted.Stat)) {
        throw new ServiceError("InvalidParameterValue", `The local run knows ${STATISTICS.join(", ")}.`);
      }
      const { Namespace, MetricName, Dimensions = [] } = wanted.Metric;
      const name = metricName(Namespace, MetricName, Dimensions);
      const periodMilliseconds = wanted.Period * 1_000;
      const values = watch.history.values(name, wanted.Stat, { from, to, periodMilliseconds });
      return {
        Id,
        Label: MetricName,
        Timestamps: values.map(({ at }) => at / 1_000),
        Values: values.map(({ value }) => value),
        StatusCode: "Complete",
      };
    }),
    Messages: [],
  };
}

export function metricName(namespace: string, metric: string, dimensions: Dimensions): MetricName {
  const pairs = dimensions.map(({ Name, Value }) => [Name, Value] as const);
  return { namespace, metric, dimensions: Object.fromEntries(pairs) };
}
