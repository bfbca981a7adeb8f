import { logMessages } from "../../contract/log-messages.ts";
import { metrics as names } from "../../contract/metrics.ts";
import type { EventMetrics, Observability } from "../runtime/observability.ts";
import type { RecoveryOutcome } from "./recover.ts";
import { StateOutOfReachError, type TendedBreaker } from "./tend-breaker.ts";

/** How a run ended that had the lease. */
export interface RunEnd {
  readonly outcome: RecoveryOutcome;
  /** How many objects and messages are put aside. */
  readonly putAside: number;
  /** Whether another alarm tells why events wait. */
  readonly isTold: boolean;
  /** When the oldest message was sent that could not be parked: milliseconds since 1970. */
  readonly oldestOnQueue?: number;
}

/** Whether nothing is delivered as usual; `undefined`: nobody knows. */
export function isStopped(tended: TendedBreaker | Error): boolean | undefined {
  if (tended instanceof Error) return undefined;
  return tended.state.status !== "closed" || !tended.mapping.ok;
}

/** Whether a queue keeps spilled events from coming back; where the bucket does, what is parked cannot be listed either. */
export function spillsWait({ failedSteps }: RecoveryOutcome): boolean {
  return failedSteps.includes("requeueSpilled") && !failedSteps.includes("bringBackParked");
}

/**
 * @param end absent where another run is at it
 * @throws {AggregateError} of the steps that failed, after all has been said: the run counts as an error.
 */
export function report(
  tended: TendedBreaker | Error,
  end: RunEnd | undefined,
  { logger, metrics }: Observability,
): void {
  const breaker = tended instanceof Error ? undefined : tended;
  const failures = [...(tended instanceof Error ? [tended] : []), ...(end?.outcome.failures ?? [])];
  try {
    tellBreaker(tended, metrics);
    if (end !== undefined) tellRun(tended, end, metrics);
    tellOldest(breaker, end, metrics);
    metrics.addMetric(names.recovery.failures, "Count", failures.length);
    metrics.publishStoredMetrics();
  } catch {
    metrics.clearMetrics(); // a metric that cannot be written must not make a run that went well an error
  }
  if (end !== undefined) {
    const { requeued, broughtBack, redriven, parked } = end.outcome;
    logger.info(logMessages.recovered, {
      breaker: breaker?.state.status ?? "unknown",
      ...{ requeued, brought_back: broughtBack, redriven, parked },
    });
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of recovery failed.`);
}

function tellBreaker(tended: TendedBreaker | Error, metrics: EventMetrics): void {
  const stopped = isStopped(tended);
  if (stopped !== undefined) metrics.addMetric(names.recovery.breakerOpen, "Count", Number(stopped));
  const isOut = tended instanceof StateOutOfReachError;
  metrics.addMetric(names.recovery.stateOutOfReach, "Count", Number(isOut));
}

function tellRun(tended: TendedBreaker | Error, end: RunEnd, metrics: EventMetrics): void {
  const { requeued, broughtBack, redriven, parked, stored, deadLetters } = end.outcome;
  const add = (name: string, value: number) => metrics.addMetric(name, "Count", value);
  add(names.recovery.requeued, requeued);
  add(names.recovery.broughtBack, broughtBack);
  add(names.recovery.redriven, redriven);
  add(names.recovery.parked, parked);
  add(names.recovery.putAside, end.putAside);
  add(names.recovery.waitingTold, Number(end.isTold));
  add(names.recovery.spillsWait, Number(spillsWait(end.outcome)));
  add(names.recovery.endedWell, Number(endedWell(tended, end)));
  if (stored !== undefined) add(names.recovery.parkedDeadLetters, stored.deadLetters);
  if (deadLetters !== undefined) add(names.recovery.newDeadLetters, deadLetters.fresh);
}

/** What fails for want of the state table, and spills that wait, have alarms of their own: one cause, one mail. */
function endedWell(tended: TendedBreaker | Error, { outcome }: RunEnd): boolean {
  if (tended instanceof StateOutOfReachError) return true;
  return !(tended instanceof Error) && outcome.failedSteps.every((step) => step === "requeueSpilled");
}

/** How old the oldest of everything is that recovery comes to see. */
function tellOldest(tended: TendedBreaker | undefined, end: RunEnd | undefined, metrics: EventMetrics): void {
  const { stored, oldestSpilled, deadLetters } = end?.outcome ?? {};
  const forBreaker =
    tended === undefined || tended.state.status === "closed" ? undefined : tended.state.oldestUndelivered;
  const tell = (name: string, ...times: readonly (Date | number | string | undefined)[]) => {
    const known = times.flatMap((time) => (time === undefined ? [] : new Date(time).getTime()));
    if (known.length === 0) return;
    metrics.addMetric(name, "Milliseconds", Math.max(0, Date.now() - Math.min(...known)));
  };
  tell(names.recovery.oldestUndelivered, forBreaker, stored?.oldestEvent, oldestSpilled);
  tell(names.recovery.oldestStored, stored?.oldest, oldestSpilled);
  tell(names.recovery.oldestOnQueue, end?.oldestOnQueue);
  tell(names.recovery.oldestDeadLetter, deadLetters?.oldestSentAt);
}
