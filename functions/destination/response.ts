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

const TRANSIENT_4XX = new Set([408, 425, 429]);

/** The class of every HTTP status: see the table in processor/classify.ts. */
export function classOfStatus(status: number): "success" | "transient" | "permanent" {
  if (status >= 200 && status <= 299) return "success";
  if (status >= 300 && status <= 499 && !TRANSIENT_4XX.has(status)) return "permanent";
  return "transient";
}

/** The destination does not take our credentials: 401 or 403. */
export function isUnauthorized(status: number): boolean {
  return status === 401 || status === 403;
}

/** "Again", for a known reason: its message is a sentence of ours and fit for a log line. */
export class TransientError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransientError";
  }
}
