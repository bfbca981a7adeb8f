import type { MetricName } from "../stack/model.ts";
import { statisticOf } from "../stack/statistics.ts";

interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Points of one metric that are kept: far more than an alarm's minutes hold on one machine. */
const KEPT = 20_000;

/** The metrics of a run, for as long as an alarm may look back. */
export class MetricStore {
  readonly #keepMilliseconds: number;
  readonly #series = new Map<string, Point[]>();

  constructor(keepMilliseconds: number) {
    this.#keepMilliseconds = keepMilliseconds;
  }

  add(name: MetricName, value: number, at = Date.now()): void {
    const key = metricKey(name);
    const points = this.#series.get(key) ?? [];
    this.#series.set(key, points);
    points.push({ at, value });
    const tooOld = points.findIndex((point) => point.at > at - this.#keepMilliseconds);
    points.splice(0, Math.max(tooOld, points.length - KEPT, 0));
  }

  /** A statistic over the time after `from` up to `to`; nothing where there is no point. */
  statistic(name: MetricName, stat: string, from: number, to: number): number | undefined {
    const points = this.#series.get(metricKey(name)) ?? [];
    return statisticOf(
      points.filter(({ at }) => at > from && at <= to).map(({ value }) => value),
      stat,
    );
  }

  /** Whether there was ever a point of the metric. */
  has(name: MetricName): boolean {
    return this.#series.has(metricKey(name));
  }
}

/** One text for one metric, in whatever order its dimensions come. */
export function metricKey({ namespace, metric, dimensions }: MetricName): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, metric, sorted]);
}
