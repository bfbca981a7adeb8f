import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** When events come. All times are milliseconds since the run began. */
export type Arrivals =
  /** By chance, at a rate. */
  | { readonly kind: "poisson"; readonly perSecond: number; readonly from: number; readonly to: number }
  /** So many at once. */
  | { readonly kind: "burst"; readonly count: number; readonly at: number }
  /** By chance, at a rate that follows the day: little at night, most at noon. */
  | { readonly kind: "day"; readonly mostPerSecond: number; readonly from: number; readonly to: number };

/** Calls `arrive` whenever an event comes. */
export function schedule(clock: VirtualClock, random: Random, arrivals: Arrivals, arrive: () => void): void {
  if (arrivals.kind === "burst") {
    clock.after(arrivals.at, () => {
      for (let i = 0; i < arrivals.count; i++) clock.after(random.between(0, 1_000), arrive);
    });
    return;
  }
  const most = arrivals.kind === "poisson" ? arrivals.perSecond : arrivals.mostPerSecond;
  const next = () => {
    const pause = random.exponential(1000 / most);
    clock.after(pause, () => {
      if (clock.elapsed >= arrivals.to) return;
      if (arrivals.kind === "poisson" || random.chance(ofDay(clock.elapsed))) arrive();
      next();
    });
  };
  clock.after(arrivals.from, next);
}

/** The share of the day's highest rate: 5 % at midnight, all of it at noon. */
function ofDay(elapsed: number): number {
  return 0.05 + 0.95 * ((1 - Math.cos((2 * Math.PI * (elapsed % DAY)) / DAY)) / 2);
}
