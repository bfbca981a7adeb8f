/** A metric as CloudWatch tells them apart. */
export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Points of one metric that are kept: far more than an alarm's minutes hold on one machine. */
const KEPT = 20_000;

/** The metrics of a run, for as long as an alarm may look back. */
export class MetricStore {
  private readonly keepMilliseconds: number;
  private readonly series = new Map<string, Point[]>();

  constructor(keepMilliseconds: number) {
    this.keepMilliseconds = keepMilliseconds;
  }

  add(name: MetricName, value: number, at = Date.now()): void {
    const key = keyOf(name);
    const points = this.series.get(key) ?? [];
    this.series.set(key, points);
    points.push({ at, value });
    const tooOld = points.findIndex((point) => point.at > at - this.keepMilliseconds);
    points.splice(0, Math.max(tooOld, points.length - KEPT, 0));
  }

  /** A statistic over the time after `from` up to `to`; nothing where there is no point. */
  statistic(name: MetricName, stat: string, from: number, to: number): number | undefined {
    const points = this.series.get(keyOf(name)) ?? [];
    return statisticOf(
      points.filter(({ at }) => at > from && at <= to).map(({ value }) => value),
      stat,
    );
  }

  /** Whether there was ever a point of the metric. */
  has(name: MetricName): boolean {
    return this.series.has(keyOf(name));
  }
}

/** The statistics that alarms are made of, by CloudWatch's names. */
export function isStatistic(stat: string): boolean {
  return /^(Sum|Maximum|Minimum|Average|SampleCount|p\d{1,2}(\.\d+)?)$/.test(stat);
}

/** @param stat one that {@link isStatistic} accepts */
export function statisticOf(values: readonly number[], stat: string): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((all, value) => all + value, 0);
  switch (stat) {
    case "Sum":
      return sum;
    case "SampleCount":
      return values.length;
    case "Average":
      return sum / values.length;
    case "Maximum":
      return values.reduce((all, value) => Math.max(all, value));
    case "Minimum":
      return values.reduce((all, value) => Math.min(all, value));
    default: {
      const sorted = values.toSorted((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil((Number(stat.slice(1)) / 100) * sorted.length) - 1)];
    }
  }
}

function keyOf({ namespace, metric, dimensions }: MetricName): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, metric, sorted]);
}
