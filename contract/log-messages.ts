/**
 * What the functions say of an event, one phrase for each thing that can happen to it. People search for
 * them, and the local run tells its story from them.
 */
export const logMessages = {
  accepted: "Event accepted",
  spilled: "Event spilled to the overflow bucket",
  malformed: "Malformed event kept as a dead letter",
  otherIntegration: "Event claims to come from another integration than has proved itself",
  old: "Event is older than Genesys repeats itself, and may be a replay",
  rejected: "Request rejected",
  secretMissing: "Secret is missing",
  secretNotRead: "Secret could not be read",
  unexpected: "Unexpected error",
  notStored: "Event could not be stored",
  delivered: "Event delivered",
  duplicate: "Duplicate suppressed",
  otherBytes: "Event has the id of another one, but other bytes: both are delivered",
  stateOutOfReach:
    "The state table is out of reach: duplicates may be delivered, and receives count as attempts",
  deferred: "Event deferred until the breaker closes",
  inProgress: "Another invocation is delivering this event",
  notReached: "Event put back: no time was left for it",
  requeued: "Event put back on the queue with its receives uncounted",
  retryLater: "Delivery failed, trying again later",
  deadLettered: "Event moved to the dead-letter queue",
  deadLetterFailed: "Dead letter could not be sent, trying again later",
  redriven: "Dead letter redriven",
  parked: "Event parked in the overflow bucket",
  broughtBack: "Parked event brought back",
  requeuedSpilled: "Spilled event put on its queue",
  breakerOpened: "Breaker opened",
  /** Half-open, it needs no probe: a delivery has told, or there was no failure for a while. */
  breakerClosed: "Breaker closed",
  probeSucceeded: "Probe succeeded, deliveries resume",
  nothingToProbe: "No event waits to probe with, the next one tells",
  notConsumed: "The queue is not consumed",
  probeFailed: "Probe failed",
  /** A person opened or closed the breaker. */
  ordered: "Breaker opened or closed by hand",
  recovered: "Recovery ran",
  noticeFailed: "The alarms' topic did not take a notice, the next run tries again",
} as const;

/** What the processor says of a whole batch: how many events were delivered, each of which has its own line. */
export const BATCH_PROCESSED = "Batch processed";
