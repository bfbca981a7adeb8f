/**
 * Where the processor publishes what a handler has thrown, by `node:diagnostics_channel`. An error's text may quote
 * the event, so no log has it; the local run listens, and shows it to whoever wrote the handler.
 */
export const HANDLER_FAILURES = "genesys-dlq.handler-failed";

export interface HandlerFailure {
  readonly eventId: string;
  readonly error: unknown;
}
