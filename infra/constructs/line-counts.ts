import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import type { Construct } from "constructs";
import { type CountedMetric, countedLines } from "../../contract/counted-lines.ts";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../../contract/metrics.ts";
import type { Names } from "../names.ts";

/** Has CloudWatch count a function's lines, which costs no more than the metrics. */
export function countLines(
  scope: Construct,
  logs: CloudwatchLogGroup,
  names: Names,
  service: keyof typeof countedLines,
): void {
  const ofFunction: Readonly<Record<string, readonly CountedMetric[]>> = countedLines[service];
  for (const [message, metrics] of Object.entries(ofFunction)) {
    for (const { metric, unit, field } of metrics) {
      new CloudwatchLogMetricFilter(scope, `count_${metric}`, {
        name: names.logCount(metric),
        logGroupName: logs.name,
        pattern: patternOf(message, field),
        metricTransformation: {
          namespace: METRIC_NAMESPACE,
          name: metric,
          unit,
          value: field === undefined ? "1" : `$.${field}`,
          dimensions: {
            [ENVIRONMENT_DIMENSION]: `$.${ENVIRONMENT_DIMENSION}`,
            service: "$.service",
          },
        },
      });
    }
  }
}

/** CloudWatch's own examples take a value from a field that the pattern names: one that is not there has none. */
function patternOf(message: string, field: string | undefined): string {
  const isMeant = `$.message = "${message}"`;
  return field === undefined ? `{ ${isMeant} }` : `{ ${isMeant} && $.${field} = * }`;
}
