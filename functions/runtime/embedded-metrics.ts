import { countedIn } from "../../contract/counted-lines.ts";
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, type MetricUnit } from "../../contract/metrics.ts";
import type { Line, LogLines } from "./log-lines.ts";

/** Every metric is counted by these, which each line has. */
const DIMENSIONS = ["service", ENVIRONMENT_DIMENSION];

/** CloudWatch takes no metric of a line in which one has more values. */
const MOST_VALUES = 100;

interface Stored {
  readonly unit: MetricUnit;
  readonly values: number | readonly number[];
}

/**
 * Metrics as members of log lines, from which CloudWatch makes metrics: its embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class EmbeddedMetrics {
  readonly #lines: LogLines;
  readonly #stored = new Map<string, Stored>();
  #dimensions: Readonly<Record<string, string>> | undefined;

  constructor(lines: LogLines) {
    this.#lines = lines;
  }

  addMetric(name: string, unit: MetricUnit, value: number): void {
    if (this.#valuesOf(name).length >= MOST_VALUES) this.#publishFull();
    const before = this.#valuesOf(name);
    this.#stored.set(name, { unit, values: before.length === 0 ? value : [...before, value] });
  }

  addDimensions(dimensions: Readonly<Record<string, string>>): void {
    this.#dimensions = { ...this.#dimensions, ...dimensions };
  }

  publishStoredMetrics(line?: Line): void {
    const isWritten = line !== undefined && this.#lines.has(line.level);
    // CloudWatch counts in lines that it gets.
    if (line !== undefined && !isWritten)
      for (const { metric, unit, value } of countedIn(line.message, line.fields))
        this.addMetric(metric, unit, value);
    const members = this.#members();
    if (isWritten) this.#lines.write(line, members);
    else if (members !== undefined) this.#lines.writeFields(members);
    this.clearMetrics();
  }

  publishMetric(
    name: string,
    unit: MetricUnit,
    value: number,
    dimensions: Readonly<Record<string, string>>,
  ): void {
    this.#lines.writeFields(
      embedded([Object.keys(dimensions)], new Map([[name, { unit, values: value }]]), dimensions),
    );
  }

  clearMetrics(): void {
    this.#stored.clear();
    this.#dimensions = undefined;
  }

  #valuesOf(name: string): readonly number[] {
    return [this.#stored.get(name)?.values ?? []].flat();
  }

  /** In a line of their own; what comes next has the same dimensions. */
  #publishFull(): void {
    const dimensions = this.#dimensions;
    this.publishStoredMetrics();
    this.#dimensions = dimensions;
  }

  #members(): object | undefined {
    if (this.#stored.size === 0) return undefined;
    const own = this.#dimensions;
    return embedded(own === undefined ? [[]] : [[], Object.keys(own)], this.#stored, own);
  }
}

/** @param sets of dimensions beside the usual ones */
function embedded(
  sets: readonly (readonly string[])[],
  metrics: ReadonlyMap<string, Stored>,
  dimensions?: Readonly<Record<string, string>>,
): object {
  const directive = {
    Namespace: METRIC_NAMESPACE,
    Dimensions: sets.map((names) => [...DIMENSIONS, ...names]),
    Metrics: [...metrics].map(([Name, { unit: Unit }]) => ({ Name, Unit })),
  };
  return {
    ...dimensions,
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    ...Object.fromEntries([...metrics].map(([name, { values }]) => [name, values])),
  };
}
