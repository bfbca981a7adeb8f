import type { ForecastSettings } from "./settings.ts";

/** Recovery runs once a minute, and probes then if it is time. */
const RUN_SECONDS = 60;
/** Lambda takes up to so long to enable the mapping. */
const ENABLING_SECONDS = 25;

/** Seconds from the destination's return until deliveries go on. */
export interface Wait {
  /** For an outage that ends at any moment. */
  readonly typicalSeconds: number;
  readonly mostSeconds: number;
}

/** When the breaker opens, seconds after the outage began: so many different events have to fail first. */
export function opensAfter(settings: ForecastSettings, ratePerSecond: number): number {
  return settings["breaker.failingEvents"] / ratePerSecond;
}

/**
 * How long nobody notices that the destination is back: until the next probe, which comes with a run of recovery, and
 * until Lambda has enabled the mapping. The pauses double up to their cap: a short outage has short ones.
 *
 * An outage that ends before the breaker opens has none: what has failed waits for its back-off.
 */
export function waitAfter(settings: ForecastSettings, ratePerSecond: number, outageSeconds: number): Wait {
  const open = opensAfter(settings, ratePerSecond);
  if (outageSeconds <= open) return { typicalSeconds: 0, mostSeconds: 0 };
  const pause = pauseAt(settings, outageSeconds - open);
  return {
    typicalSeconds: (pause + RUN_SECONDS / 2) / 2 + ENABLING_SECONDS / 2,
    mostSeconds: pause + RUN_SECONDS + ENABLING_SECONDS,
  };
}

/** The pause between two probes, so many seconds after the breaker has opened. */
function pauseAt(settings: ForecastSettings, seconds: number): number {
  const cap = settings["breaker.probeCapSeconds"];
  let pause = Math.min(cap, settings["breaker.probeBaseSeconds"]);
  for (let at = pause + RUN_SECONDS / 2; at < seconds && pause < cap; at += pause + RUN_SECONDS / 2)
    pause = Math.min(cap, pause * 2);
  return pause;
}
