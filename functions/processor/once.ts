import { homeOf } from "../../contract/event/identity.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import type { Begun, DeliveryLock, NotNow } from "./delivery-lock.ts";
import type { EventToDeliver } from "./memory.ts";

/** A delivery as it is made. */
export interface Made<T> {
  readonly value: T;
  readonly succeeded: boolean;
  /** Made to the destination: none where it did not come to one. */
  readonly requests: number;
}

/** What became of a delivery that was to happen once. */
export type Once<T> =
  | {
      readonly kind: "ran";
      readonly value: T;
      /**
       * Whether a duplicate will be suppressed: false with the state table out of reach. Of a success it is known when the
       * table has it, for which the next delivery does not wait. It never rejects.
       */
      readonly protected: Promise<boolean>;
      /** What is known of it now; this delivery's requests are counted. */
      readonly event: EventToDeliver;
      /** Whether another event has the same id, and other bytes. Told at the first delivery only. */
      readonly otherBytes: boolean;
    }
  | NotNow;

/** An event as its message tells of it. */
export interface ReceivedEvent extends EventToDeliver {
  /** From 1. */
  readonly receiveCount: number;
}

/**
 * Failures in a row after which the table is left alone for a while: every event of a batch would wait for it anew. One
 * may be a slip, and without the table a repetition may go out under a key of its own.
 */
const FAILURES = 2;
const COOLDOWN_MILLISECONDS = 5_000;

/**
 * Suppresses duplicates within a window, gives the repetitions of an event one id, and counts its attempts. Only a
 * success is remembered as one, so that no retry is ever swallowed. With the table out of reach the event is
 * delivered all the same; its receives are then taken for its attempts.
 * docs/decisions/0006-remember-deliveries-after-success.md
 */
export class DeliverOnce {
  readonly #lock: DeliveryLock;
  readonly #windowMilliseconds: number;
  readonly #logger: EventLogger;
  /** Successes that are being noted, by the item: a copy waits for that, and is then told as one. */
  readonly #noting = new Map<string, Promise<boolean>>();
  #failures = 0;
  #outOfReachUntil = 0;

  /** @param windowSeconds 0: successes are not remembered, and of a first receive only what fails is written */
  constructor(lock: DeliveryLock, windowSeconds: number, logger: EventLogger) {
    this.#lock = lock;
    this.#windowMilliseconds = windowSeconds * 1000;
    this.#logger = logger;
  }

  /**
   * @param deliver never throws: what went wrong is in its value. It is given the event with the id under which it
   *   goes out, and with the requests that were made before.
   * @param lockUntil when this execution has ended at the latest: milliseconds since 1970
   */
  async run<T>(
    event: ReceivedEvent,
    deliver: (event: EventToDeliver) => Promise<Made<T>>,
    lockUntil: number,
  ): Promise<Once<T>> {
    // Without a window nothing is looked up for an event that comes for the first time: it costs no call.
    const isLean = this.#windowMilliseconds === 0 && event.receiveCount === 1;
    await this.#noting.get(homeOf(event.id).id);
    const begun = isLean ? undefined : await this.#begin(event, lockUntil);
    if (begun !== undefined && "kind" in begun) return begun;
    const before = begun?.event ?? beforeByReceives(event);
    const { value, succeeded, requests } = await deliver(before);
    const after = { ...before, attempts: before.attempts + requests };
    const otherBytes = begun?.otherBytes ?? false;
    if (begun === undefined && !isLean) {
      return { kind: "ran", value, protected: Promise.resolve(false), event: after, otherBytes };
    }
    const isWritten = this.#note(begun, after, succeeded);
    // A failure's lock is given back before anybody can come for the event again.
    if (!succeeded) await isWritten;
    const isProtected = succeeded ? isWritten : Promise.resolve(true);
    return { kind: "ran", value, protected: isProtected, event: after, otherBytes };
  }

  /** @returns undefined with the table out of reach */
  async #begin(event: ReceivedEvent, lockUntil: number): Promise<Begun | NotNow | undefined> {
    if (Date.now() < this.#outOfReachUntil) return undefined;
    try {
      const taken = await this.#lock.take(event, lockUntil);
      this.#failures = 0;
      return taken;
    } catch (error) {
      this.#outOfReach(event.id, error);
      return undefined;
    }
  }

  #note(begun: Begun | undefined, event: EventToDeliver, succeeded: boolean): Promise<boolean> {
    const home = homeOf(event.id).id;
    const noting = this.#end(begun, event, succeeded).finally(() => {
      if (this.#noting.get(home) === noting) this.#noting.delete(home);
    });
    this.#noting.set(home, noting);
    return noting;
  }

  /**
   * @param begun undefined: it was not locked
   * @returns whether the table knows what it has to. A success that it does not know may be delivered again; a lock that
   *   it keeps ends by itself.
   */
  async #end(begun: Begun | undefined, event: EventToDeliver, succeeded: boolean): Promise<boolean> {
    if (succeeded && this.#windowMilliseconds === 0) return true;
    const rememberUntil = Date.now() + this.#windowMilliseconds;
    try {
      if (begun === undefined) await this.#lock.note(event);
      else await this.#lock.end(begun, { succeeded, attempts: event.attempts, rememberUntil });
      return true;
    } catch (error) {
      this.#outOfReach(event.id, error);
      return false;
    }
  }

  #outOfReach(eventId: string, error: unknown): void {
    if (++this.#failures >= FAILURES) this.#outOfReachUntil = Date.now() + COOLDOWN_MILLISECONDS;
    this.#logger.warn(logMessages.stateOutOfReach, { event_id: eventId, reason: errorName(error) });
  }
}

/** With nothing to look it up in, every receive before counts as an attempt. */
function beforeByReceives(event: ReceivedEvent): EventToDeliver {
  return { ...event, attempts: event.attempts + event.receiveCount - 1 };
}
