import { homeOf } from "../../contract/event/identity.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import type { Begun, DeliveryLock, LockAhead, NotNow } from "./delivery-lock.ts";
import type { EventToDeliver } from "./memory.ts";
import type { Receipt } from "./receipt.ts";

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

/** What a delivery has besides its event. */
interface Chance {
  /** What became of a lock taken ahead, if there is one: asked when no copy of it is under way. */
  readonly lockAhead?: () => Promise<LockAhead> | undefined;
  /** Whether there is still time, asked when a copy of it was waited for. */
  readonly mayStart?: () => boolean;
}

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
  /** Deliveries here until they are noted, by the item: a copy waits for that, and is then told as one. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  #failures = 0;
  #lastFailure: unknown;
  #outOfReachUntil = 0;

  /** @param windowSeconds 0: successes are not remembered, and of a first receive only what fails is written */
  constructor(lock: DeliveryLock, windowSeconds: number, logger: EventLogger) {
    this.#lock = lock;
    this.#windowMilliseconds = windowSeconds * 1000;
    this.#logger = logger;
  }

  newReceipt(): Receipt {
    return this.#lock.newReceipt(this.#windowMilliseconds);
  }

  /** Whether events may be locked ahead: there is something to be suppressed, and a table in reach. */
  get mayLockAhead(): boolean {
    return this.#windowMilliseconds > 0 && Date.now() >= this.#outOfReachUntil;
  }

  /** Locks several events that come for the first time, in one call. It never rejects: each is then locked for itself. */
  async lockAhead(
    events: readonly ReceivedEvent[],
    receipt: Receipt,
    lockUntil: number,
  ): Promise<ReadonlyMap<ReceivedEvent, LockAhead>> {
    const plan = this.#lock.plan(events, receipt, lockUntil);
    try {
      const ahead = await this.#lock.lockAhead(plan, receipt, this.#windowMilliseconds);
      this.#failures = 0;
      return ahead;
    } catch (error) {
      for (const { id } of events.slice(0, 1)) this.#outOfReach(id, error);
      return plan;
    }
  }

  /** Gives back the lock on an event that was locked ahead, and not delivered. It never rejects. */
  async giveBack({ begun }: LockAhead): Promise<void> {
    if (begun !== undefined) await this.#end(begun, begun.event, false);
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
    { lockAhead = () => undefined, mayStart = () => true }: Chance = {},
  ): Promise<Once<T>> {
    if (this.#isLean(event)) return this.#run(event, deliver, lockUntil, lockAhead);
    const { id: home, spanMilliseconds } = homeOf(event.id);
    const key = spanMilliseconds === undefined ? event.id : home; // where copies have one id, others have nothing to wait for
    if (this.#underWay.has(key)) {
      while (this.#underWay.has(key)) await this.#underWay.get(key);
      if (!mayStart()) return { kind: "in-progress" };
    }
    const running = this.#run(event, deliver, lockUntil, lockAhead);
    const settled = running
      .then((result) => "protected" in result && result.protected)
      .catch(() => {})
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, settled);
    return running;
  }

  /** Without a window nothing is looked up for an event that comes for the first time: it costs no call. */
  #isLean({ receiveCount }: ReceivedEvent): boolean {
    return this.#windowMilliseconds === 0 && receiveCount === 1;
  }

  async #run<T>(
    event: ReceivedEvent,
    deliver: (event: EventToDeliver) => Promise<Made<T>>,
    lockUntil: number,
    lockAhead: () => Promise<LockAhead> | undefined,
  ): Promise<Once<T>> {
    const isLean = this.#isLean(event);
    const ahead = await lockAhead();
    const begun = ahead?.begun ?? (isLean ? undefined : await this.#begin(event, lockUntil, ahead));
    if (begun !== undefined && "kind" in begun) return begun;
    const before = begun?.event ?? beforeByReceives(event);
    const { value, succeeded, requests } = await deliver(before);
    const after = { ...before, attempts: before.attempts + requests };
    const otherBytes = begun?.otherBytes ?? false;
    if (begun === undefined && !isLean) {
      return { kind: "ran", value, protected: Promise.resolve(false), event: after, otherBytes };
    }
    const isWritten = this.#end(begun, after, succeeded);
    // A failure's lock is given back before anybody can come for the event again.
    if (!succeeded) await isWritten;
    const isProtected = succeeded ? isWritten : Promise.resolve(true);
    return { kind: "ran", value, protected: isProtected, event: after, otherBytes };
  }

  /** @returns undefined with the table out of reach */
  async #begin(
    event: ReceivedEvent,
    lockUntil: number,
    ahead: LockAhead | undefined,
  ): Promise<Begun | NotNow | undefined> {
    if (Date.now() < this.#outOfReachUntil) return undefined;
    try {
      const taken = await this.#lock.take(event, lockUntil, ahead);
      this.#failures = 0;
      return taken;
    } catch (error) {
      this.#outOfReach(event.id, error);
      return undefined;
    }
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
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#outOfReach(event.id, error);
      return false;
    }
  }

  #outOfReach(eventId: string, error: unknown): void {
    // One call that fails may be that of many events, a batch's receipt.
    if (error !== this.#lastFailure) this.#failures++;
    this.#lastFailure = error;
    if (this.#failures >= FAILURES) this.#outOfReachUntil = Date.now() + COOLDOWN_MILLISECONDS;
    this.#logger.warn(logMessages.stateOutOfReach, { event_id: eventId, reason: errorName(error) });
  }
}

/** With nothing to look it up in, every receive before counts as an attempt. */
function beforeByReceives(event: ReceivedEvent): EventToDeliver {
  return { ...event, attempts: event.attempts + event.receiveCount - 1 };
}
