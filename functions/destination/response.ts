/** What an HTTP destination answered. */
export interface DestinationResponse {
  readonly status: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string;
  /** Of a 3xx: where it leads, without what no log may know. */
  readonly location?: string;
  /** The answer's beginning. */
  readonly excerpt?: string;
}

/**
 * Statuses that say nothing of the event: our credentials (401, 403, 407), the route (404, 405, 410, 421), the moment
 * (408, 425, 426, 429). The other 4xx turn down an event that the destination has read.
 */
const TRANSIENT_4XX = new Set([401, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429]);

/** The class of every answer: see the table in processor/classify.ts. */
export function classOfStatus(status: number, retryAfter?: string): "success" | "transient" | "permanent" {
  if (status >= 200 && status <= 299) return "success";
  if (status === 413 && retryAfter !== undefined) return "transient"; // it says when it has room
  if (status >= 400 && status <= 499 && !TRANSIENT_4XX.has(status)) return "permanent";
  return "transient";
}

/** Somebody does not take our credentials: the destination, or a proxy before it. */
export function isUnauthorized(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

/** "Again", for a known reason: its message is a sentence of ours and fit for a log line. */
export class TransientError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransientError";
  }
}
