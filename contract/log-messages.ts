/**
 * What the functions say of an event, one phrase for each thing that can happen to it. People search for
 * them, and the local run tells its story from them.
 */
export const logMessages = {
  accepted: "Event accepted",
  spilled: "Event spilled to the overflow bucket",
  malformed: "Malformed event kept as a dead letter",
  rejected: "Request rejected",
  secretNotRead: "Secret could not be read",
  unexpected: "Unexpected error",
  notStored: "Event could not be stored",
  delivered: "Event delivered",
  retryLater: "Delivery failed, trying again later",
  deadLettered: "Event moved to the dead-letter queue",
  deadLetterFailed: "Dead letter could not be sent, trying again later",
} as const;
