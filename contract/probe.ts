import type { SQSEvent } from "aws-lambda";

/**
 * A probe: recovery hands a few waiting events to the processor, which delivers them although the breaker is open. Only
 * who may invoke the processor can ask for one; Lambda's poller never does.
 */
export interface ProbeEvent extends SQSEvent {
  readonly probe: true;
}

/** What became of them. The processor has deleted those that are done; the others come again by themselves. */
export interface ProbeAnswer {
  /** Requests or calls that were made. */
  readonly attempted: number;
  readonly delivered: number;
  /** Why the last of those that were not delivered was not, fit for a log line. */
  readonly reason?: string;
}

export function isProbe(event: SQSEvent): event is ProbeEvent {
  return "probe" in event && event.probe === true;
}
