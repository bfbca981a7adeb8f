/**
 * Never going to succeed: throw it from a handler, and the event becomes a dead letter at once, with this
 * message as its reason. Every other error means "again".
 */
export class PermanentError extends Error {
  /** The HTTP status that the destination answered, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "PermanentError";
    this.status = options.status;
  }
}
