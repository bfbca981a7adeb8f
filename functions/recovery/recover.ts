import type { BreakerState } from "../../contract/breaker.ts";
import { logMessages } from "../../contract/log-messages.ts";
import type { BreakerStore } from "../breaker/store.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Observability } from "../runtime/observability.ts";
import type { RedriveResult } from "./redrive.ts";

/** Whether the destination is well, and if not, why. */
export type ProbeResult = { readonly well: true } | { readonly well: false; readonly reason: string };

/** What a run works with; each part is safe to repeat and safe to be killed in. */
export interface RecoveryPorts extends Observability {
  readonly breaker: BreakerStore;
  readonly probe: () => Promise<ProbeResult>;
  readonly reconcileMapping: (state: BreakerState) => Promise<void>;
  /** @returns how many spilled events went back to their queues. */
  readonly requeueSpilled: (mayGoOn: () => Promise<boolean>) => Promise<number>;
  /** @returns undefined when there was nothing new to look at. */
  readonly redrive: (mayGoOn: () => Promise<boolean>) => Promise<RedriveResult | undefined>;
  /** How long half-open lasts without a failure before it counts as closed. */
  readonly settleSeconds: number;
  readonly now: () => Date;
}

export interface RecoveryOutcome {
  readonly state: BreakerState;
  readonly requeued: number;
  readonly redriven: number;
  /** The steps that failed; the next run takes them up again. */
  readonly failures: readonly Error[];
}

/**
 * One run of recovery. A step that fails holds up none of the others: an unreachable bucket is no reason to
 * leave the breaker open.
 *
 * @param timeLeft asked between units of work; false ends the run early.
 */
export async function recover(ports: RecoveryPorts, timeLeft: () => boolean): Promise<RecoveryOutcome> {
  const failures: Error[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      ports.logger.error(`Recovery could not ${name}; the next run tries again`, {
        reason: errorName(error),
      });
      failures.push(error as Error);
      return undefined;
    }
  };

  const state = await ports.breaker.read().then((found) => probeWhenDue(ports, found));
  await step("bring the event source mapping into line", () => ports.reconcileMapping(state));
  const requeued = await step("re-queue spilled events", () => ports.requeueSpilled(async () => timeLeft()));
  // A destination that has just come back first drains what is waiting; dead letters follow once it is closed.
  const mayRedrive = async () => timeLeft() && (await ports.breaker.read()).status === "closed";
  const redrive = await step("redrive dead letters", () => ports.redrive(mayRedrive));
  return { state, requeued: requeued ?? 0, redriven: redrive?.redriven ?? 0, failures };
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
