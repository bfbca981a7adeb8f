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
