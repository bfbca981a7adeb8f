import type { MetricName } from "../stack/model.ts";
import { metricKey } from "./metric-store.ts";

/** All points of a few seconds, taken together: what a graph needs of them. */
interface Bucket {
  /** Milliseconds since 1970 at which it begins. */
  readonly at: number;
  sum: number;
  count: number;
  least: number;
  most: number;
}

const BUCKET_MILLISECONDS = 10_000;
/** An hour: however much a run does, a metric takes no more than this. */
const BUCKETS = 360;

/** The metrics of the last hour, for graphs. Percentiles are the alarms' alone. */
export class MetricHistory {
  readonly #series = new Map<string, Bucket[]>();

  add(name: MetricName, value: number, at: number): void {
    const key = metricKey(name);
    const buckets = this.#series.get(key) ?? [];
    this.#series.set(key, buckets);
    const begins = Math.floor(at / BUCKET_MILLISECONDS) * BUCKET_MILLISECONDS;
    let last = buckets.at(-1);
    if (last === undefined || last.at < begins) {
      last = { at: begins, sum: 0, count: 0, least: Infinity, most: -Infinity };
      buckets.push(last);
      if (buckets.length > BUCKETS) buckets.shift();
    }
    last.sum += value;
    last.count++;
    last.least = Math.min(last.least, value);
    last.most = Math.max(last.most, value);
  }

  /**
   * A value for each period that has one, the first coming first.
   *
   * @param stat `Sum`, `SampleCount`, `Average`, `Minimum` or `Maximum`
   * @param from milliseconds since 1970, as `to`, which is not part of it
   */
  values(
    name: MetricName,
    stat: string,
    { from, to, periodMilliseconds: period }: { from: number; to: number; periodMilliseconds: number },
  ): { readonly at: number; readonly value: number }[] {
    const periods = new Map<number, Bucket>();
    for (const bucket of this.#series.get(metricKey(name)) ?? []) {
      if (bucket.at < from || bucket.at >= to) continue;
      const at = Math.floor(bucket.at / period) * period;
      const { sum, count, least, most } = periods.get(at) ?? { ...bucket, sum: 0, count: 0 };
      periods.set(at, {
        at,
        sum: sum + bucket.sum,
        count: count + bucket.count,
        least: Math.min(least, bucket.least),
        most: Math.max(most, bucket.most),
      });
    }
    return [...periods.values()].map((bucket) => ({ at: bucket.at, value: statisticOf(bucket, stat) }));
  }
}

function statisticOf({ sum, count, least, most }: Bucket, stat: string): number {
  switch (stat) {
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Minimum":
      return least;
    case "Maximum":
      return most;
    default:
      return sum;
  }
}
