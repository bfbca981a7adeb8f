import type { AlarmModel } from "../stack/model.ts";
import type { MetricStore } from "./metric-store.ts";

/** As CloudWatch names them. */
export type AlarmState = "INSUFFICIENT_DATA" | "OK" | "ALARM";

export interface AlarmTime {
  /** Milliseconds; a metric's minute. */
  readonly periodMilliseconds: number;
  /** When the run began: what was before it is not missing. */
  readonly startedAt: number;
  /** Where a minute is shortened: how much older everything is then. @default 1 */
  readonly ageFactor?: number;
}

/** SQS's own and ours. */
const AGE = /Age(OfOldestMessage)?$/;

/**
 * One alarm, over periods that end now: CloudWatch's own begin with the minute, which tells the same a little
 * later.
 */
export class Alarm {
  readonly model: AlarmModel;
  state: AlarmState = "INSUFFICIENT_DATA";
  /** When it came to be so: milliseconds since 1970. */
  changedAt: number;
  readonly #metrics: Pick<MetricStore, "statistic">;
  readonly #time: AlarmTime;

  constructor(model: AlarmModel, metrics: Pick<MetricStore, "statistic">, time: AlarmTime) {
    this.model = model;
    this.#metrics = metrics;
    this.#time = time;
    this.changedAt = time.startedAt;
  }

  /** @returns whether it has gone off, or all is well again */
  evaluate(now: number): boolean {
    const before = this.state;
    const { evaluationPeriods, datapointsToAlarm, missing } = this.model;
    const periods = Array.from({ length: evaluationPeriods }, (_, ago) => this.#isBreaching(now, ago));
    const breaching = periods.filter((is) => is ?? missing === "breaching").length;
    this.state = breaching >= datapointsToAlarm ? "ALARM" : "OK";
    if (this.state !== before) this.changedAt = now;
    return this.state !== before && (this.state === "ALARM" || before === "ALARM");
  }

  #aged(metric: string, value: number | undefined): number | undefined {
    const { ageFactor = 1 } = this.#time;
    return value !== undefined && AGE.test(metric) ? value * ageFactor : value;
  }

  /** Nothing where there is no value. */
  #isBreaching(now: number, ago: number): boolean | undefined {
    const { periodMilliseconds: period, startedAt } = this.#time;
    const to = now - ago * period;
    const { math, queries, threshold } = this.model;
    const values = Object.fromEntries(
      Object.entries(queries).map(([id, { stat, ...name }]) => [
        id,
        this.#aged(name.metric, this.#metrics.statistic(name, stat, to - period, to)),
      ]),
    );
    // Nothing had begun, and a filled value stands for nothing.
    if (to - period < startedAt && Object.values(values).every((value) => value === undefined)) return false;
    const value = math(values);
    return value === undefined ? undefined : value >= threshold;
  }
}
