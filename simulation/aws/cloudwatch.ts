import { Alarm } from "../../local/alarms/alarm.ts";
import type { AlarmModel, MetricName } from "../../local/stack/model.ts";
import { statisticOf } from "../../local/stack/statistics.ts";
import type { VirtualClock } from "../clock.ts";
import type { Trace } from "../trace.ts";
import { ModelError } from "./errors.ts";

const MINUTE = 60_000;
/** Minutes of a metric that are kept: more than any alarm may look back. */
const KEPT_MINUTES = 120;
/** Values of one minute that are kept whole, for percentiles; of more, the sum and the extremes stay right. */
const KEPT_VALUES = 2_000;

interface Bucket {
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
  readonly values: number[];
}

/** Metrics by the minute, and the synthesised alarms over them, evaluated every minute. */
export class CloudWatch {
  readonly alarms: readonly Alarm[];
  /** When each alarm went into ALARM, milliseconds since the run began; those that never did are not there. */
  readonly entered = new Map<string, number[]>();
  readonly #clock: VirtualClock;
  readonly #trace: Trace;
  readonly #series = new Map<string, Map<number, Bucket>>();

  constructor(clock: VirtualClock, trace: Trace, alarms: readonly AlarmModel[]) {
    this.#clock = clock;
    this.#trace = trace;
    for (const { name, periodSeconds, evaluationPeriods } of alarms)
      if (periodSeconds % 60 !== 0 || (evaluationPeriods * periodSeconds) / 60 >= KEPT_MINUTES)
        throw new ModelError(`CloudWatch's model looks at minutes, two hours at most, and not as ${name}`);
    this.alarms = alarms.map(
      (model) =>
        new Alarm(model, this, { periodMilliseconds: model.periodSeconds * 1_000, startedAt: clock.now }),
    );
  }

  add(name: MetricName, value: number): void {
    const minute = Math.floor(this.#clock.now / MINUTE);
    const series = this.#series.get(keyOf(name)) ?? new Map<number, Bucket>();
    this.#series.set(keyOf(name), series);
    let bucket = series.get(minute);
    if (bucket === undefined) {
      bucket = { sum: 0, count: 0, minimum: value, maximum: value, values: [] };
      series.set(minute, bucket);
      for (const old of series.keys()) {
        if (old >= minute - KEPT_MINUTES) break;
        series.delete(old);
      }
    }
    bucket.sum += value;
    bucket.count++;
    bucket.minimum = Math.min(bucket.minimum, value);
    bucket.maximum = Math.max(bucket.maximum, value);
    if (bucket.values.length < KEPT_VALUES) bucket.values.push(value);
  }

  /** Of whole minutes: those that begin after `from` up to `to`. */
  statistic(name: MetricName, stat: string, from: number, to: number): number | undefined {
    const series = this.#series.get(keyOf(name));
    if (series === undefined) return undefined;
    const buckets: Bucket[] = [];
    for (let minute = Math.floor(from / MINUTE); minute < Math.floor(to / MINUTE); minute++) {
      const bucket = series.get(minute);
      if (bucket !== undefined) buckets.push(bucket);
    }
    if (buckets.length === 0) return undefined;
    const count = buckets.reduce((all, bucket) => all + bucket.count, 0);
    const sum = buckets.reduce((all, bucket) => all + bucket.sum, 0);
    switch (stat) {
      case "Sum":
        return sum;
      case "SampleCount":
        return count;
      case "Average":
        return sum / count;
      case "Maximum":
        return Math.max(...buckets.map(({ maximum }) => maximum));
      case "Minimum":
        return Math.min(...buckets.map(({ minimum }) => minimum));
      default:
        return statisticOf(
          buckets.flatMap(({ values }) => values),
          stat,
        );
    }
  }

  /** Looks at every alarm. To be called once a minute. */
  evaluate(): void {
    for (const alarm of this.alarms) {
      if (!alarm.evaluate(Math.floor(this.#clock.now / MINUTE) * MINUTE)) continue;
      const { name } = alarm.model;
      this.#trace.add("alarm", `${name} ${alarm.state}`);
      if (alarm.state === "ALARM")
        this.entered.set(name, [...(this.entered.get(name) ?? []), this.#clock.elapsed]);
    }
  }

  inAlarm(): readonly string[] {
    return this.alarms.filter(({ state }) => state === "ALARM").map(({ model }) => model.name);
  }
}

function keyOf({ namespace, metric, dimensions }: MetricName): string {
  let key = `${namespace}|${metric}`;
  for (const name of Object.keys(dimensions).sort()) key += `|${name}=${dimensions[name]}`;
  return key;
}
