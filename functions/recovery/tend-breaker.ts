import { type BreakerState, isProbeDue } from "../../contract/breaker.ts";
import { logMessages } from "../../contract/log-messages.ts";
import type { BreakerStore } from "../breaker/store.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import type { MappingFinding } from "./mapping.ts";
import type { ProbeResult } from "./probe.ts";

/** What the breaker is tended with; two runs at once do no harm. */
export interface BreakerPorts {
  readonly logger: EventLogger;
  readonly breaker: BreakerStore;
  readonly probe: () => Promise<ProbeResult>;
  readonly reconcileMapping: (state: BreakerState) => Promise<MappingFinding>;
  /** How long half-open lasts without a failure before it counts as closed. */
  readonly settleSeconds: number;
  readonly now: () => Date;
}

export interface TendedBreaker {
  readonly state: BreakerState;
  readonly mapping: MappingFinding;
}

/** The state table could not be read: what follows from it is told as that, and not as recovery's own failure. */
export class StateOutOfReachError extends Error {
  constructor(cause: unknown) {
    super("The state table is out of reach.", { cause });
    this.name = errorName(cause);
  }
}

/**
 * Brings the mapping into line with the breaker, takes the breaker one step on its way back if it is time for one, and
 * the mapping after it. It needs no lease: every change is a conditional write, and a probe is taken by one run.
 */
export async function tendBreaker(ports: BreakerPorts): Promise<TendedBreaker> {
  const before = await ports.breaker.read().catch((error: unknown) => {
    throw new StateOutOfReachError(error);
  });
  const mapping = await ports.reconcileMapping(before);
  const state = await stepBack(ports, before);
  const tended = {
    state,
    mapping: state.status === before.status ? mapping : await ports.reconcileMapping(state),
  };
  if (!tended.mapping.ok) ports.logger.error(logMessages.notConsumed, { problem: tended.mapping.problem });
  return tended;
}

async function stepBack(ports: BreakerPorts, state: BreakerState): Promise<BreakerState> {
  const now = ports.now();
  if (state.status === "half-open") {
    const settled = now.getTime() - Date.parse(state.since) >= ports.settleSeconds * 1000;
    return settled ? settle(ports, now) : state;
  }
  if (!isProbeDue(state, now)) return state;
  const { before, after } = await ports.breaker.tell({ kind: "probe-started" }, now);
  if (after === before) return after; // another run probes, or it has been closed
  const result = await ports.probe();
  switch (result.kind) {
    case "well":
      ports.logger.info(logMessages.probeSucceeded);
      return (await ports.breaker.tell({ kind: "probe-succeeded" }, ports.now())).after;
    case "failed":
      ports.logger.warn(logMessages.probeFailed, { probe: result.reason, reason: state.reason });
      return (await ports.breaker.tell({ kind: "probe-failed", reason: result.reason }, ports.now())).after;
    case "nothing-waits":
      ports.logger.info(logMessages.nothingToProbe);
      return (await ports.breaker.tell({ kind: "nothing-to-probe" }, ports.now())).after;
  }
}

/** Nothing has failed for a while: closed, as if an event had been delivered. */
async function settle(ports: BreakerPorts, now: Date): Promise<BreakerState> {
  const { before, after } = await ports.breaker.tell({ kind: "settled" }, now);
  if (after.status === "closed" && before.status !== "closed") {
    ports.logger.info(logMessages.breakerClosed, { reason: "Nothing has failed since it was half-open." });
  }
  return after;
}
