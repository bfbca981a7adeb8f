import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import type { Construct } from "constructs";
import { countedLines } from "../../contract/counted-lines.ts";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../../contract/metrics.ts";
import type { Names } from "../names.ts";

/** Has CloudWatch count the receiver's lines of accepted events, which costs no more than the metrics. */
export function countLines(scope: Construct, logs: CloudwatchLogGroup, names: Names): void {
  for (const [message, metrics] of Object.entries(countedLines)) {
    for (const { metric, unit, field } of metrics) {
      new CloudwatchLogMetricFilter(scope, `count_${metric}`, {
        name: names.logCount(metric),
        logGroupName: logs.name,
        pattern: `{ $.message = "${message}" }`,
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
