import type { Metrics } from "@aws-lambda-powertools/metrics";

export type Counted = Pick<Metrics, "addMetric" | "addDimensions">;

/**
 * Metrics that never throw. An event that is stored is acknowledged, whether or not it can be counted: a 503 would
 * have Genesys send it again.
 */
export function harmless(metrics: Counted): Counted {
  const quietly = (work: () => unknown) => {
    try {
      work();
    } catch {
      // There is nobody to tell: a log line may be what could not be written.
    }
    return safe as Metrics;
  };
  const safe: Counted = {
    addMetric: (...metric) => quietly(() => metrics.addMetric(...metric)),
    addDimensions: (dimensions) => quietly(() => metrics.addDimensions(dimensions)),
  };
  return safe;
}
