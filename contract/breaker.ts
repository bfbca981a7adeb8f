import { defined } from "./defined.ts";

/**
 * The breaker, as a pure state machine. `closed`: events flow. `open`: the processor's event source mapping
 * is disabled, and events wait visible in the queue, where waiting uses up no receives; recovery probes with a few
 * of them. `half-open`: nothing waited when recovery wanted to probe, so the mapping is on again, and the next
 * delivery says whether the destination is well.
 * docs/decisions/0004-disable-the-mapping.md
 */
export interface BreakerState {
  readonly status: "closed" | "open" | "half-open";
  /** Who brought it into this status. What an operator opened, only an operator closes. */
  readonly by: "processor" | "recovery" | "operator";
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What the destination did as it opened, or why a person opened it. */
  readonly reason: string;
  /** We disabled the mapping and owe enabling it; a mapping that somebody else disabled is not ours. */
  readonly held: boolean;
  /** Probes that failed since it opened; the pause grows with them. */
  readonly failedProbes: number;
  /** ISO 8601, UTC; only while open, and not when an operator opened it. */
  readonly nextProbeAt?: string;
  /** When the oldest event that was failing as it opened had been received: ISO 8601, UTC. */
  readonly oldestUndelivered?: string;
  /** The status with which different events were refused, where that opened it: no event's fault. */
  readonly refusedWith?: number;
  /** What the last probe met, and when: ISO 8601, UTC. */
  readonly lastProbe?: { readonly at: string; readonly reason: string };
}

export interface ProbePauses {
  readonly baseSeconds: number;
  readonly capSeconds: number;
}

/** What happened, as told to {@link next}. */
export type BreakerEvent =
  /** The destination fails as a whole. */
  | {
      readonly kind: "outage";
      readonly reason: string;
      readonly oldestUndelivered?: string;
      readonly refusedWith?: number;
    }
  /** A run of recovery takes the probe that is due: nobody else probes at the same time. */
  | { readonly kind: "probe-started" }
  | { readonly kind: "probe-failed"; readonly reason: string }
  /** At least one of the events was delivered. */
  | { readonly kind: "probe-succeeded" }
  /** No event waited that could have been tried. */
  | { readonly kind: "nothing-to-probe" }
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
      return outage(state, event, now, pauses);
    case "probe-started":
      // One that dies in it costs the shortest pause, however long they have grown.
      return isProbeDue(state, now) ? { ...state, nextProbeAt: probeAt(now, 0, pauses) } : state;
    case "probe-failed": {
      if (!isProbed(state)) return state;
      const failedProbes = state.failedProbes + 1;
      return {
        ...state,
        failedProbes,
        nextProbeAt: probeAt(now, failedProbes, pauses),
        lastProbe: { at: now.toISOString(), reason: event.reason },
      };
    }
    case "probe-succeeded":
      return isProbed(state) ? closed(state, "recovery", now) : state;
    case "nothing-to-probe":
      if (!isProbed(state)) return state;
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

/** Whether recovery asks the destination: what a person opened stays open. */
function isProbed(state: BreakerState): boolean {
  return state.status === "open" && state.by !== "operator";
}

/** Whether it is time for a probe. One that nobody has set a time for is due at once. */
export function isProbeDue(state: BreakerState, now: Date): boolean {
  return isProbed(state) && !(Date.parse(state.nextProbeAt ?? "") > now.getTime());
}

function outage(
  state: BreakerState,
  { reason, oldestUndelivered: oldest, refusedWith }: Extract<BreakerEvent, { kind: "outage" }>,
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
    ...defined({ oldestUndelivered, refusedWith }),
  };
}

function closed(state: BreakerState, by: BreakerState["by"], now: Date): BreakerState {
  return { status: "closed", by, since: now.toISOString(), reason: "", held: state.held, failedProbes: 0 };
}

function withoutProbe(state: BreakerState): BreakerState {
  const { nextProbeAt: _, ...rest } = state;
  return rest;
}

/** Doubles with every failed probe, up to the cap, and goes on for ever. */
function probeAt(now: Date, failedProbes: number, pauses: ProbePauses): string {
  const seconds = Math.min(pauses.capSeconds, pauses.baseSeconds * 2 ** failedProbes);
  return new Date(now.getTime() + seconds * 1000).toISOString();
}
