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

export interface AlarmsConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
}

/** The alarms, and whom they tell: when they go off, and when all is well again. */
export class Alarms extends Construct {
  readonly topic: AlarmTopic;
  readonly #config: AlarmsConfig;

  constructor(scope: Construct, id: string, config: AlarmsConfig) {
    super(scope, id);
    this.#config = config;
    this.topic = new AlarmTopic(this, "topic", config.names, config.settings);
  }

  /**
   * @param schedule recovery's: its first run is on its way when silence begins to count
   * @returns the alarms' ARNs
   */
  watch(metrics: Metrics, schedule: ITerraformDependable): readonly string[] {
    const { environment, names, settings } = this.#config;
    return alarmDefinitions(environment, settings, metrics).map(
      (alarm) => this.#create(alarm, names.alarm(alarm.name), writeAlarmText(alarm), schedule).arn,
    );
  }

  #create(
    alarm: AlarmDefinition,
    alarmName: string,
    alarmDescription: string,
    schedule: ITerraformDependable,
  ): CloudwatchMetricAlarm {
    const { arn, policies } = this.topic;
    return new CloudwatchMetricAlarm(this, toId(alarm.name).replaceAll("-", "_"), {
      alarmName,
      alarmDescription,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: alarm.threshold,
      datapointsToAlarm: alarm.periods,
      evaluationPeriods: alarm.ofPeriods,
      treatMissingData: alarm.missing,
      ...signalOf(alarm.signal, alarm.periodSeconds ?? PERIOD_SECONDS),
      alarmActions: [arn],
      okActions: [arn],
      dependsOn: [...policies, ...(alarm.missing === "breaching" ? [schedule] : [])],
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
