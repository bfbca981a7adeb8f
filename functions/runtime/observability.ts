import type { FunctionName } from "../../contract/environment.ts";
import type { MetricUnit } from "../../contract/metrics.ts";
import { EmbeddedMetrics } from "./embedded-metrics.ts";
import { type Line, type LogLevel, LogLines } from "./log-lines.ts";

/** What a function says, and to whom; in the simulation, the trace and CloudWatch's model. */
export interface Observability {
  readonly logger: EventLogger;
  readonly metrics: EventMetrics;
}

/** Writes a line with these fields. */
type WriteLine = (message: string, fields?: object) => void;

export interface EventLogger {
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
}

/** Metrics by function and environment, kept until they are published. */
export interface EventMetrics {
  addMetric(name: string, unit: MetricUnit, value: number): void;
  /** Has what is published next counted by these dimensions too. */
  addDimensions(dimensions: Readonly<Record<string, string>>): void;
  /** @param line that they stand in. @default one of their own, where there are any */
  publishStoredMetrics(line?: Line): void;
  /** Publishes one metric by itself, counted by these dimensions only. */
  publishMetric(
    name: string,
    unit: MetricUnit,
    value: number,
    dimensions: Readonly<Record<string, string>>,
  ): void;
  clearMetrics(): void;
}

/** The same logger, with fields that each of its lines has. */
export function withFields(logger: EventLogger, fields: Readonly<Record<string, string>>): EventLogger {
  const lines =
    (level: keyof EventLogger): WriteLine =>
    (message, more) =>
      logger[level](message, { ...fields, ...more });
  return { info: lines("info"), warn: lines("warn"), error: lines("error") };
}

/** The logger and the metrics of one function. */
export function observe(service: FunctionName, environment: string, logLevel: LogLevel): Observability {
  const lines = new LogLines({ service, environment }, logLevel);
  const writer =
    (level: LogLevel): WriteLine =>
    (message, fields = {}) =>
      lines.write({ level, message, fields: { ...fields } });
  return {
    logger: { info: writer("INFO"), warn: writer("WARN"), error: writer("ERROR") },
    metrics: new EmbeddedMetrics(lines),
  };
}
