import { counted } from "../counted.ts";
import type { PlanResult } from "./plan.ts";

/** Of those that were chosen, what is said of the ones that were not met again. */
export function notMet({ gone, hidden, left }: Pick<PlanResult, "gone" | "hidden" | "left">): string[] {
  return [
    gone > 0 && `${counted(gone, "was", "were")} gone already: recovery, or another person, was faster.`,
    hidden > 0 &&
      `${counted(hidden, "was", "were")} hidden: somebody else, recovery for one, is looking there. The same command goes on from here.`,
    left > 0 && `${counted(left, "is", "are")} left, and visible: the same command goes on from here.`,
  ].filter((line) => line !== false);
}

/** What machines are told of something that has been done: of what is left, only what there is. */
export function existing<Name extends string>(
  counts: Readonly<Record<Name, number>>,
): Partial<Record<Name, number>> {
  return Object.fromEntries(Object.entries<number>(counts).filter(([, count]) => count > 0)) as Partial<
    Record<Name, number>
  >;
}
