import { channel } from "node:diagnostics_channel";
import { defined } from "../../../contract/defined.ts";
import { PermanentError } from "../../../contract/event/failure.ts";
import { parseEvent } from "../../../contract/event/write-envelope.ts";
import { HANDLER_FAILURES, type HandlerFailure } from "../../../contract/handler-failures.ts";
import { HANDLER_TIMEOUT_SECONDS } from "../../../contract/settings/destination.ts";
import type { Source } from "../../../contract/sources/index.ts";
import type { Destination } from "./destination.ts";

/** An event, as the team's own code sees it. */
export interface HandledEvent {
  /** The dedupe key: the same whenever this event comes again, and it may come again. */
  readonly id: string;
  readonly type: string;
  readonly source: Source;
  /** The integration that has proved itself; absent where the source has one sender. */
  readonly integrationId?: string;
  readonly conversationId?: string;
  /** ISO 8601, UTC; absent where the producer did not say. */
  readonly receivedAt?: string;
  /** From 1, over all redrives. */
  readonly attempt: number;
  readonly bytes: Buffer;
  /** The event, parsed. */
  readonly json: unknown;
}

/**
 * Takes one event and returns when it is safely where it belongs. Throws `PermanentError` when no later
 * attempt would succeed, with a message for the log and the dead letter that quotes nothing of the event;
 * anything else it throws means "again", with back-off.
 *
 * @param signal aborted when the time for this event is up: hand it to `fetch`, to an SDK's `send`.
 */
export type EventHandler = (event: HandledEvent, signal: AbortSignal) => Promise<void>;

/** What a file of `functions/processor/handlers/` exports. */
export interface HandlerFile {
  /** The event types that it takes. */
  readonly eventType: string | readonly string[];
  readonly handle: EventHandler;
}

/**
 * Handlers by event type. A type that two files take is no reason to lose its events, nor to stop the others:
 * they fail, and are tried again, until one of the files is gone.
 */
export function handlersOf(files: readonly (readonly [name: string, file: HandlerFile])[]) {
  const names = new Map<string, string>();
  const handlers = new Map<string, EventHandler>();
  for (const [name, { eventType, handle }] of files) {
    for (const type of [eventType].flat()) {
      const other = names.get(type);
      names.set(type, name);
      handlers.set(type, other === undefined ? handle : () => Promise.reject(takenTwice(type, other, name)));
    }
  }
  return handlers;
}

function takenTwice(type: string, one: string, other: string): Error {
  return new Error(`Two handlers take events of type ${type}: ${one} and ${other}.`);
}

const failures = channel(HANDLER_FAILURES);

/** The team's own code, one handler for each event type. An event that has none is a dead letter, not a success. */
export function handlersDestination(handlers: ReadonlyMap<string, EventHandler>): Destination {
  return {
    timeoutMilliseconds: HANDLER_TIMEOUT_SECONDS * 1_000,
    async deliver({ event, bytes, nextAttempt }, signal) {
      const { eventType: type, id, source, integrationId, receivedAt, conversationId } = event;
      if (type === undefined) throw new PermanentError("The event has no type, so no handler takes it.");
      const handle = handlers.get(type);
      if (handle === undefined) throw new PermanentError(`No handler takes events of type ${type}.`);
      const parsed = parseEvent(bytes);
      if (parsed === undefined) throw new PermanentError("The event is not JSON.");
      const handled: HandledEvent = {
        ...{ id, type, source, attempt: nextAttempt(), bytes, json: parsed.json },
        ...defined({ integrationId, receivedAt, conversationId }),
      };
      try {
        await handle(handled, signal);
      } catch (error) {
        if (!(error instanceof PermanentError))
          failures.publish({ eventId: id, error } satisfies HandlerFailure);
        throw error;
      }
      return undefined;
    },
  };
}
