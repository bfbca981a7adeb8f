import type { MetricName } from "../stack/model.ts";

export interface EmittedMetric extends MetricName {
  readonly unit: string;
  readonly values: readonly number[];
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/**
 * The metrics in a log line of CloudWatch's embedded metric format, one for each set of dimensions: what
 * CloudWatch would make of it. A line that is none has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emittedMetrics(line: string): readonly EmittedMetric[] {
  if (!line.includes('"_aws"')) return [];
  let fields: Readonly<Record<string, unknown>> & { _aws?: { CloudWatchMetrics?: readonly Directive[] } };
  try {
    fields = JSON.parse(line);
  } catch {
    return []; // a line of somebody else's
  }
  const { CloudWatchMetrics: directives = [] } = fields._aws ?? {};
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    sets.flatMap((set) => {
      const dimensions = Object.fromEntries(set.map((name) => [name, String(fields[name])]));
      return metrics.map(({ Name: metric, Unit: unit = "None" }) => {
        const values = [fields[metric]].flat().filter((value) => typeof value === "number");
        return { namespace, metric, dimensions, unit, values };
      });
    }),
  );
}
