import type { EventMetrics } from "../runtime/observability.ts";

export type Counted = Pick<EventMetrics, "addMetric" | "addDimensions" | "publishStoredMetrics">;

/**
 * Metrics that never throw. An event that is stored is acknowledged, whether or not it can be counted: a 503 would
 * have Genesys send it again.
 */
export function harmless(metrics: EventMetrics): Counted {
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      metrics.clearMetrics(); // there is nobody to tell: a log line may be what could not be written
    }
  };
  return {
    addMetric: (...metric) => quietly(() => metrics.addMetric(...metric)),
    addDimensions: (dimensions) => quietly(() => metrics.addDimensions(dimensions)),
    publishStoredMetrics: (line) => quietly(() => metrics.publishStoredMetrics(line)),
  };
}
