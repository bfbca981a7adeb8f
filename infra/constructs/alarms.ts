import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { writeAlarmText } from "../../contract/alarm-text.ts";
import type { AlarmDefinition, MetricMath } from "../alarms/definition.ts";
import { alarmDefinitions } from "../alarms.ts";
import { toId } from "../ids.ts";
import type { Metric, Metrics } from "../metrics.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { AlarmTopic } from "./alarm-topic.ts";

/** AWS's own metrics come once a minute. */
const PERIOD_SECONDS = 60;

/** The alarms, and whom they tell: when they go off, and when all is well again. */
export class Alarms extends Construct {
  readonly arns: readonly string[];
  readonly #topic: AlarmTopic;
  readonly #schedule: ITerraformDependable;

  /** @param schedule recovery's: its first run is on its way when silence begins to count */
  constructor(
    scope: Construct,
    id: string,
    config: { readonly environment: string; readonly names: Names; readonly settings: EnvironmentSettings },
    metrics: Metrics,
    schedule: ITerraformDependable,
  ) {
    super(scope, id);
    this.#schedule = schedule;
    const { environment, names, settings } = config;
    this.#topic = new AlarmTopic(this, "topic", names, settings);
    this.arns = alarmDefinitions(environment, settings, metrics).map(
      (alarm) => this.#create(alarm, names.alarm(alarm.name), writeAlarmText(alarm)).arn,
    );
  }

  #create(alarm: AlarmDefinition, alarmName: string, alarmDescription: string): CloudwatchMetricAlarm {
    const { topic, policies } = this.#topic;
    return new CloudwatchMetricAlarm(this, toId(alarm.name).replaceAll("-", "_"), {
      alarmName,
      alarmDescription,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: alarm.threshold,
      datapointsToAlarm: alarm.periods,
      evaluationPeriods: alarm.ofPeriods,
      treatMissingData: alarm.missing,
      ...signalOf(alarm.signal, alarm.periodSeconds ?? PERIOD_SECONDS),
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      dependsOn: [...policies, ...(alarm.missing === "breaching" ? [this.#schedule] : [])],
    });
  }
}

function signalOf(signal: Metric | MetricMath, period: number) {
  if (!("expression" in signal)) {
    const { namespace, metric: metricName, dimensions, stat } = signal;
    const statistic = stat.startsWith("p") ? { extendedStatistic: stat } : { statistic: stat };
    return { namespace, metricName, dimensions, period, ...statistic };
  }
  const metrics = Object.entries(signal.metrics).map(([id, { namespace, metric, dimensions, stat }]) => ({
    id,
    metric: { namespace, metricName: metric, dimensions, stat, period },
  }));
  return { metricQuery: [{ id: "signal", expression: signal.expression, returnData: true }, ...metrics] };
}
