import type { BreakerState } from "../../contract/breaker.ts";
import { logMessages } from "../../contract/log-messages.ts";
import type { BreakerStore } from "../breaker/store.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Observability } from "../runtime/observability.ts";
import type { BroughtBack } from "./bring-back.ts";
import type { DeadLettersResult } from "./dead-letters.ts";
import type { StepResult } from "./run.ts";

/** Whether the destination is well, and if not, why. */
export type ProbeResult = { readonly well: true } | { readonly well: false; readonly reason: string };

/** What a run works with; each part is safe to repeat and safe to be killed in. */
export interface RecoveryPorts extends Observability {
  readonly breaker: BreakerStore;
  readonly probe: () => Promise<ProbeResult>;
  readonly reconcileMapping: (state: BreakerState) => Promise<void>;
  /** What is brought back or put away, each a step of its own. */
  readonly steps: RecoverySteps;
  /** How long half-open lasts without a failure before it counts as closed. */
  readonly settleSeconds: number;
  readonly now: () => Date;
}

/** None of them waits for another, and none has more of a run than the others: they go on side by side. */
export interface RecoverySteps {
  readonly requeueSpilled: () => Promise<StepResult>;
  readonly bringBackParked: () => Promise<BroughtBack>;
  readonly tendDeadLetters: () => Promise<DeadLettersResult>;
  readonly parkWaiting: () => Promise<StepResult>;
}

export interface RecoveryOutcome {
  readonly state: BreakerState;
  readonly requeued: number;
  readonly broughtBack: number;
  readonly redriven: number;
  readonly parked: number;
  /** Of the bucket; absent where it could not be read. */
  readonly stored?: Pick<BroughtBack, "deadLetters" | "oldest">;
  /** Whether there is more to do, and this run has done some of it. */
  readonly more: boolean;
  /** The steps that failed; the next run takes them up again. */
  readonly failures: readonly Error[];
}

/**
 * One run of recovery. A step that fails holds up none of the others: an unreachable bucket is no reason to
 * leave the breaker open.
 *
 * @param timeUp resolves when the run has to end, whatever its steps wait for: all of them can be left half-done
 */
export async function recover(ports: RecoveryPorts, timeUp: Promise<void>): Promise<RecoveryOutcome> {
  const failures: Error[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    const late = timeUp.then(() => Promise.reject(new StepTimeUpError(name)));
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      ports.logger.error(`Recovery could not ${name}; the next run tries again`, {
        reason: errorName(error),
      });
      failures.push(error as Error);
      return undefined;
    }
  };

  const { steps } = ports;
  const state = await ports.breaker.read().then((found) => probeWhenDue(ports, found));
  await step("bring the event source mapping into line", () => ports.reconcileMapping(state));
  const [spilled, back, deadLetters, waiting] = await Promise.all([
    step("re-queue spilled events", steps.requeueSpilled),
    step("bring parked events back", steps.bringBackParked),
    step("redrive and park dead letters", steps.tendDeadLetters),
    step("park what waits too long", steps.parkWaiting),
  ]);
  const results = [spilled, back, deadLetters, waiting].filter((result) => result !== undefined);
  return {
    state,
    requeued: spilled?.moved ?? 0,
    broughtBack: back?.moved ?? 0,
    redriven: deadLetters?.redriven ?? 0,
    parked: (waiting?.moved ?? 0) + (deadLetters?.parked ?? 0),
    ...(back === undefined ? {} : { stored: back }),
    more: results.some(({ more, moved }) => more && moved > 0),
    failures,
  };
}

class StepTimeUpError extends Error {
  constructor(step: string) {
    super(`The run's time was up before it could ${step}.`);
    this.name = "TimeUp";
  }
}

/** Takes the breaker one step on its way back, if it is time for one. */
async function probeWhenDue(ports: RecoveryPorts, state: BreakerState): Promise<BreakerState> {
  const now = ports.now();
  if (state.status === "half-open") {
    const settled = now.getTime() - Date.parse(state.since) >= ports.settleSeconds * 1000;
    return settled ? (await ports.breaker.tell({ kind: "settled" }, now)).after : state;
  }
  if (state.nextProbeAt === undefined || Date.parse(state.nextProbeAt) > now.getTime()) return state;
  const result = await ports.probe();
  const event = result.well
    ? ({ kind: "probe-succeeded" } as const)
    : ({ kind: "probe-failed", reason: result.reason } as const);
  if (result.well) ports.logger.info(logMessages.probeSucceeded);
  else ports.logger.warn(logMessages.probeFailed, { reason: result.reason });
  return (await ports.breaker.tell(event, ports.now())).after;
}
