import type { QueuedEvent } from "../../../contract/event/read-envelope.ts";
import type { DestinationResponse } from "../../destination/response.ts";

/** One event on its way out. */
export interface Delivery {
  readonly event: QueuedEvent;
  /** The bytes that Genesys signed. */
  readonly bytes: Buffer;
  /**
   * Counts one request to the destination, or one call of a handler, just before it is made.
   *
   * @returns its number, from 1, over all redrives
   */
  readonly nextAttempt: () => number;
}

/** Where the processor delivers. */
export interface Destination {
  /** How long one delivery may take; it is aborted then. */
  readonly timeoutMilliseconds: number;
  /** Reads ahead of the first delivery what it needs. @throws what reading throws: the delivery reads it again */
  prepare?(): Promise<unknown>;
  /**
   * @returns what the destination answered, or nothing where a handler took the event: a success.
   * @throws {PermanentError} for what no later attempt would change; anything else means "again".
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<DestinationResponse | undefined>;
}
