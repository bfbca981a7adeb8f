import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { FunctionName, FunctionSettings } from "../../contract/environment.ts";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../../contract/metrics.ts";

/** What a function says, and to whom; in the simulation, the trace and CloudWatch's model. */
export interface Observability {
  readonly logger: EventLogger;
  readonly metrics: EventMetrics;
}

export type EventLogger = Pick<Logger, "info" | "warn" | "error">;
export type EventMetrics = Pick<
  Metrics,
  "addMetric" | "addDimensions" | "singleMetric" | "publishStoredMetrics" | "clearMetrics"
>;

/** The same logger, with fields that each of its lines has. */
export function withFields(logger: EventLogger, fields: Readonly<Record<string, string>>): EventLogger {
  const lines =
    (level: keyof EventLogger) =>
    (message: string, more: object = {}): void =>
      logger[level](message, { ...fields, ...more });
  return { info: lines("info"), warn: lines("warn"), error: lines("error") } as EventLogger;
}

/** The logger and the metrics of one function. Powertools' own environment variables are not used. */
export function observe(
  name: FunctionName,
  environment: string,
  logLevel: FunctionSettings<FunctionName>["logLevel"],
): Observability {
  return {
    logger: new Logger({
      serviceName: name,
      logLevel,
      persistentLogAttributes: { environment },
    }),
    metrics: new Metrics({
      namespace: METRIC_NAMESPACE,
      serviceName: name,
      defaultDimensions: { [ENVIRONMENT_DIMENSION]: environment },
    }),
  };
}
