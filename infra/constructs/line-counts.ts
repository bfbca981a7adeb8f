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

/**
 * A filter's dimensions and its value can be fields that its pattern names, and no others.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
function patternOf(message: string, field: string | undefined): string {
  const texts = [ENVIRONMENT_DIMENSION, "service"].map((name) => `$.${name} = "*"`);
  const number = field === undefined ? [] : [`$.${field} = *`];
  return `{ ${[`$.message = "${message}"`, ...texts, ...number].join(" && ")} }`;
}
