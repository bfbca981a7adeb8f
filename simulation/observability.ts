import { dirname } from "node:path";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../contract/metrics.ts";
import type { Line } from "../functions/runtime/log-lines.ts";
import type { EventMetrics, Observability } from "../functions/runtime/observability.ts";
import { countedMetrics } from "../local/alarms/counted-lines.ts";
import type { CountedLines, MetricName } from "../local/stack/model.ts";
import type { CloudWatch } from "./aws/cloudwatch.ts";
import type { ExecutionEnvironment } from "./aws/execution-environment.ts";
import type { Trace } from "./trace.ts";

/** What a function says: its log lines go to the trace, its metrics to CloudWatch's model, in one call each. */
export function observeInto(
  environment: ExecutionEnvironment,
  service: string,
  environmentName: string,
  services: {
    readonly trace: Trace;
    readonly cloudWatch: CloudWatch;
    /** What CloudWatch counts in lines of this function, by the synthesised stack. */
    readonly countedLines: (service: string) => readonly CountedLines[];
    /** Is told every log message. */
    readonly onMessage: (message: string) => void;
  },
): Observability {
  const { trace, cloudWatch } = services;
  const common = { [ENVIRONMENT_DIMENSION]: environmentName, service };
  const countedLines = services.countedLines(service);
  // What a killed environment's code does is nobody's: here it goes on, where AWS's would not.
  const line = (message: string, fields?: object) => {
    if (!environment.alive) return;
    const text = fields === undefined ? "" : ` ${withoutFolder(JSON.stringify(fields))}`;
    trace.add(environment.name, `${message}${text}`);
    for (const { values, ...name } of countedMetrics({ ...common, ...fields, message }, countedLines))
      for (const value of values) add(name, value);
    services.onMessage(message);
  };
  const add: CloudWatch["add"] = (name, value) => {
    if (environment.alive) cloudWatch.add(name, value);
  };
  return {
    logger: { info: line, warn: line, error: line },
    metrics: metricsInto(add, common, ({ message, fields }) => line(message, fields)),
  };
}

const FOLDERS = [new URL("..", import.meta.url).href, `${dirname(import.meta.dirname)}/`];

/** Where an error comes from is logged: a place in the tree, and not where the tree lies on this machine. */
function withoutFolder(text: string): string {
  return FOLDERS.reduce((rest, folder) => rest.replaceAll(folder, ""), text);
}

interface Stored {
  readonly metric: string;
  readonly value: number;
}

type Dimensions = Readonly<Record<string, string>>;

/** Values until they are published, by sets of dimensions. */
function metricsInto(
  add: CloudWatch["add"],
  defaults: Dimensions,
  write: (line: Line) => void,
): EventMetrics {
  const names = new Map<string, MetricName>();
  let stored: Stored[] = [];
  let own: Dimensions | undefined;
  const nameOf = (metric: string, dimensions: Dimensions): MetricName => {
    const key = `${metric}|${Object.values(dimensions).join("|")}`;
    let name = names.get(key);
    if (name === undefined) {
      name = { namespace: METRIC_NAMESPACE, metric, dimensions: { ...defaults, ...dimensions } };
      names.set(key, name);
    }
    return name;
  };
  const clear = () => {
    stored = [];
    own = undefined;
  };
  return {
    addMetric(metric, _unit, value) {
      stored.push({ metric, value });
    },
    addDimensions(dimensions) {
      own = { ...own, ...dimensions };
    },
    publishMetric: (metric, _unit, value, dimensions) => add(nameOf(metric, dimensions), value),
    publishStoredMetrics(line) {
      for (const { metric, value } of stored)
        for (const set of own === undefined ? [{}] : [{}, own]) add(nameOf(metric, set), value);
      clear();
      if (line !== undefined) write(line);
    },
    clearMetrics: clear,
  };
}
