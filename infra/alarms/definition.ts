import type { AlarmText } from "../../contract/alarm-text.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import type { FunctionName } from "../../contract/environment.ts";
import type { Metric, Metrics } from "../metrics.ts";
import { namesFor } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** Several metrics as one, in CloudWatch's metric math over their ids. */
export interface MetricMath {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface AlarmDefinition extends AlarmText {
  /** Last part of its name. */
  readonly name: string;
  readonly signal: Metric | MetricMath;
  /** It goes off at this value and above. */
  readonly threshold: number;
  /** Seconds that one value stands for. @default 60, in which AWS's own metrics come */
  readonly periodSeconds?: number;
  /** So many of the last periods have to be at the threshold. */
  readonly periods: number;
  readonly ofPeriods: number;
  /** What a period without a value is. */
  readonly missing: "notBreaching" | "breaching";
}

/** What alarms are made of. */
export interface AlarmContext {
  readonly settings: EnvironmentSettings;
  readonly metrics: Metrics;
  /** The command as a person types it for this environment. */
  readonly operate: (command: string) => string;
  readonly readLog: (name: FunctionName) => string;
  readonly readAccessLog: string;
}

/** At once, and quiet without a value: what emits nothing has nothing to say. */
export const atOnce = { periods: 1, ofPeriods: 1, missing: "notBreaching" } as const;

/** For what is counted over a few minutes. */
export const FIVE_MINUTES = 300;

export function alarmContext(
  environment: string,
  settings: EnvironmentSettings,
  metrics: Metrics,
): AlarmContext {
  const names = namesFor(settings.namePrefix, environment);
  return {
    settings,
    metrics,
    operate: (command) => `${GENESYS_DLQ} ${command} --environment ${environment}`,
    readLog: (name) => `aws logs tail /aws/lambda/${names.function(name)} --since 15m`,
    readAccessLog: `aws logs tail ${names.accessLog} --since 15m`,
  };
}

/** `4 days`, `90 minutes`: a span of time as people say it. */
export function spanOf(seconds: number): string {
  const [unit, size] =
    [["day", 86_400] as const, ["hour", 3_600] as const, ["minute", 60] as const].find(
      ([, each]) => seconds >= 2 * each,
    ) ?? (["second", 1] as const);
  return `${Math.round(seconds / size)} ${unit}s`;
}
