import { defined } from "./defined.ts";
/**
 * The breaker, as a pure state machine. `closed`: events flow. `open`: the processor's event source mapping
 * is disabled, and events wait visible in the queue, where waiting uses up no receives. `half-open`: the mapping
 * is on again, and one delivery at a time says whether the destination is well.
 * docs/decisions/0004-disable-the-mapping.md
 */
export interface BreakerState {
  readonly status: "closed" | "open" | "half-open";
  /** Who brought it into this status. What an operator opened, only an operator closes. */
  readonly by: "processor" | "recovery" | "operator";
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly reason: string;
  /** We disabled the mapping and owe enabling it; a mapping that somebody else disabled is not ours. */
  readonly held: boolean;
  /** Probes that failed since it opened; the pause grows with them. */
  readonly failedProbes: number;
  /** ISO 8601, UTC; only while open, and not when an operator opened it. */
  readonly nextProbeAt?: string;
  /** When the oldest event that was failing as it opened had been received: ISO 8601, UTC. */
  readonly oldestUndelivered?: string;
}

export interface ProbePauses {
  readonly baseSeconds: number;
  readonly capSeconds: number;
}

/** What happened, as told to {@link next}. */
export type BreakerEvent =
  /** The destination fails as a whole. */
  | { readonly kind: "outage"; readonly reason: string; readonly oldestUndelivered?: string }
  | { readonly kind: "probe-failed"; readonly reason: string }
  | { readonly kind: "probe-succeeded" }
  /** An event was delivered. */
  | { readonly kind: "delivered" }
  /** Half-open for long enough without a failure. */
  | { readonly kind: "settled" }
  | { readonly kind: "operator-opened"; readonly reason: string }
  | { readonly kind: "operator-closed" }
  /** Recovery is about to disable the mapping. */
  | { readonly kind: "held" }
  /** Recovery has seen the mapping enabled. */
  | { readonly kind: "released" };

/** Before anything ever failed. */
export const initialState: BreakerState = {
  status: "closed",
  by: "recovery",
  since: new Date(0).toISOString(),
  reason: "",
  held: false,
  failedProbes: 0,
};

/**
 * The state after `event`; the very same object when it changes nothing. An event that does not fit the
 * state is ignored: two processors may report one outage, and a late success may meet an open breaker.
 */
export function next(state: BreakerState, event: BreakerEvent, now: Date, pauses: ProbePauses): BreakerState {
  switch (event.kind) {
    case "outage":
      return outage(state, event.reason, event.oldestUndelivered, now, pauses);
    case "probe-failed": {
      if (state.status !== "open" || state.by === "operator") return state;
      const failedProbes = state.failedProbes + 1;
      return {
        ...state,
        reason: event.reason,
        failedProbes,
        nextProbeAt: probeAt(now, failedProbes, pauses),
      };
    }
    case "probe-succeeded":
      if (state.status !== "open" || state.by === "operator") return state;
      return { ...withoutProbe(state), status: "half-open", by: "recovery", since: now.toISOString() };
    case "delivered":
      return state.status === "half-open" ? closed(state, "processor", now) : state;
    case "settled":
      return state.status === "half-open" ? closed(state, "recovery", now) : state;
    case "operator-opened":
      return {
        ...withoutProbe(state),
        status: "open",
        by: "operator",
        since: now.toISOString(),
        reason: event.reason,
      };
    case "operator-closed":
      return state.status === "closed" ? state : closed(state, "operator", now);
    case "held":
      return state.status === "open" && !state.held ? { ...state, held: true } : state;
    case "released":
      return state.status !== "open" && state.held ? { ...state, held: false } : state;
  }
}

function outage(
  state: BreakerState,
  reason: string,
  oldest: string | undefined,
  now: Date,
  pauses: ProbePauses,
): BreakerState {
  if (state.status === "open") return state;
  // Half-open and failing again: the last probe was wrong, so the pause goes on growing.
  const failedProbes = state.status === "half-open" ? state.failedProbes + 1 : 0;
  const oldestUndelivered = state.oldestUndelivered ?? oldest;
  return {
    status: "open",
    by: "processor",
    since: now.toISOString(),
    reason,
    held: state.held,
    failedProbes,
    nextProbeAt: probeAt(now, failedProbes, pauses),
    ...defined({ oldestUndelivered }),
  };
}

function closed(state: BreakerState, by: BreakerState["by"], now: Date): BreakerState {
  return { status: "closed", by, since: now.toISOString(), reason: "", held: state.held, failedProbes: 0 };
}

function withoutProbe(state: BreakerState): BreakerState {
  const { nextProbeAt: _, ...rest } = state;
  return rest;
}

/** Doubles with every failed probe, up to the cap. */
function probeAt(now: Date, failedProbes: number, pauses: ProbePauses): string {
  const seconds = Math.min(pauses.capSeconds, pauses.baseSeconds * 2 ** failedProbes);
  return new Date(now.getTime() + seconds * 1000).toISOString();
}
