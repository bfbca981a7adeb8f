import type { MetricName } from "../stack/model.ts";
import { statisticOf } from "../stack/statistics.ts";

/** The same value, once or several times within a moment. */
interface Point {
  /** Milliseconds since 1970; of the first of them. */
  readonly at: number;
  readonly value: number;
  count: number;
}

/** Points of one metric that are kept; and moments that the time an alarm looks back is divided into. */
const KEPT = 20_000;
/** Points that come between two looks at which are too old: each moves all others. */
const LOOK_AFTER = 1_000;

/** The metrics of a run, for as long as an alarm may look back. */
export class MetricStore {
  readonly #keepMilliseconds: number;
  readonly #momentMilliseconds: number;
  readonly #series = new Map<string, Point[]>();

  constructor(keepMilliseconds: number) {
    this.#keepMilliseconds = keepMilliseconds;
    this.#momentMilliseconds = keepMilliseconds / KEPT;
  }

  add(name: MetricName, value: number, at = Date.now()): void {
    const key = metricKey(name);
    const points = this.#series.get(key) ?? [];
    this.#series.set(key, points);
    const last = points.at(-1);
    if (last?.value === value && at - last.at < this.#momentMilliseconds) {
      last.count++;
      return;
    }
    points.push({ at, value, count: 1 });
    if (points.length % LOOK_AFTER !== 0) return;
    const firstKept = points.findIndex((point) => point.at > at - this.#keepMilliseconds);
    points.splice(0, Math.max(firstKept, points.length - KEPT, 0));
  }

  /** A statistic over the time after `from` up to `to`; nothing where there is no point. */
  statistic(name: MetricName, stat: string, from: number, to: number): number | undefined {
    const points = this.#series.get(metricKey(name)) ?? [];
    return statisticOf(
      points
        .filter(({ at }) => at > from && at <= to)
        .flatMap(({ value, count }) => (count === 1 ? value : Array<number>(count).fill(value))),
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
