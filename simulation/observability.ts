import { dirname } from "node:path";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../contract/metrics.ts";
import type { EventMetrics, Observability } from "../functions/runtime/observability.ts";
import type { MetricName } from "../local/stack/model.ts";
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
    /** Is told every log message. */
    readonly onMessage: (message: string) => void;
  },
): Observability {
  const { trace, cloudWatch } = services;
  // What a killed environment's code does is nobody's: here it goes on, where AWS's would not.
  const line = (message: unknown, fields?: unknown) => {
    if (!environment.alive) return;
    const text = fields === undefined ? "" : ` ${withoutFolder(JSON.stringify(fields))}`;
    trace.add(environment.name, `${message}${text}`);
    services.onMessage(String(message));
  };
  const add: CloudWatch["add"] = (name, value) => {
    if (environment.alive) cloudWatch.add(name, value);
  };
  return {
    logger: { info: line, warn: line, error: line } as Observability["logger"],
    metrics: metricsInto(add, { [ENVIRONMENT_DIMENSION]: environmentName, service }),
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

/** Powertools' metrics as far as the functions use them: sets of dimensions, and values until they are published. */
function metricsInto(add: CloudWatch["add"], defaults: Readonly<Record<string, string>>): EventMetrics {
  const names = new Map<string, MetricName>();
  let stored: Stored[] = [];
  let sets: Readonly<Record<string, string>>[] = [];
  const nameOf = (metric: string, dimensions: Readonly<Record<string, string>>): MetricName => {
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
    sets = [];
  };
  const metrics = {
    addMetric(metric: string, _unit: unknown, value: number) {
      stored.push({ metric, value });
    },
    addDimensions(dimensions: Readonly<Record<string, string>>) {
      sets.push(dimensions);
      return metrics;
    },
    singleMetric() {
      let own: Readonly<Record<string, string>> = {};
      const single = {
        addDimension(name: string, value: string) {
          own = { ...own, [name]: value };
          return single;
        },
        addMetric(metric: string, _unit: unknown, value: number) {
          add(nameOf(metric, own), value);
        },
      };
      return single;
    },
    publishStoredMetrics() {
      for (const { metric, value } of stored)
        for (const set of sets.length === 0 ? [{}] : sets) add(nameOf(metric, set), value);
      clear();
    },
    clearMetrics: clear,
  };
  return metrics as unknown as EventMetrics;
}
