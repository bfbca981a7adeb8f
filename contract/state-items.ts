/** What lies in the state table under an `id` of its own, beside the events that have been delivered. */
export const stateItems = {
  /** Its `state` is a BreakerState as JSON; beside it lies the evidence: contract/evidence.ts. */
  breaker: "breaker",
  /** Its attributes: {@link recoveryLease}. */
  recoveryLease: "recovery-lease",
  /** What one run of recovery leaves to the next. */
  recoveryMemory: "recovery-memory",
} as const;

/** Attributes of the item that says which run of recovery is at it, and when the last one was. */
export const recoveryLease = {
  owner: "owner",
  /** Until when it is held, milliseconds since 1970; 0 once the run has ended. */
  until: "until",
  /** When a run last ended, well or badly: milliseconds since 1970. One that was killed has not. */
  endedAt: "endedAt",
  /** When a run last ended well: all of its steps did what they should. */
  endedWellAt: "endedWellAt",
} as const;
