import { defined } from "../../contract/defined.ts";
import { homeOf } from "../../contract/event/identity.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import { decide, type EventToDeliver, earlier, ended, type Memory } from "./memory.ts";
import type { Stored } from "./memory-item.ts";
import type { MemoryStore } from "./memory-store.ts";

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
      /** Whether a duplicate would have been suppressed: false with the state table out of reach. */
      readonly protected: boolean;
      /** What is known of it now; this delivery's requests are counted. */
      readonly event: EventToDeliver;
      /** Whether another event has the same id, and other bytes. Told at the first delivery only. */
      readonly otherBytes: boolean;
    }
  | NotNow;

/** Delivered before, within the window; or another execution is at it, or was killed at it not long ago. */
type NotNow = { readonly kind: "duplicate" } | { readonly kind: "in-progress" };

/** An event as its message tells of it. */
export interface ReceivedEvent extends EventToDeliver {
  /** From 1. */
  readonly receiveCount: number;
}

/** How long the table is left alone once it was out of reach: every event of a batch would wait for it anew. */
const COOLDOWN_MILLISECONDS = 5_000;
const MAX_CONFLICTS = 10; // those who write at the same time are the copies of one event

/** A delivery that is locked for this execution. */
interface Begun {
  /** The item that says so. */
  readonly item: string;
  readonly stored: Stored;
  /** With the id under which it goes out, and the requests before this delivery. */
  readonly event: EventToDeliver;
  readonly otherBytes: boolean;
}

/**
 * Suppresses duplicates within a window, gives the repetitions of an event one id, and counts its attempts. Only a
 * success is remembered as one, so that no retry is ever swallowed. With the table out of reach the event is
 * delivered all the same; its receives are then taken for its attempts.
 * docs/decisions/0006-remember-deliveries-after-success.md
 */
export class DeliverOnce {
  readonly #store: MemoryStore;
  readonly #windowMilliseconds: number;
  readonly #logger: EventLogger;
  #outOfReachUntil = 0;

  /** @param windowSeconds 0: successes are not remembered, and of a first receive only what fails is written */
  constructor(store: MemoryStore, windowSeconds: number, logger: EventLogger) {
    this.#store = store;
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
    const begun = this.#isLeanFor(event) ? undefined : await this.#begin(event, lockUntil);
    if (begun !== undefined && "kind" in begun) return begun;
    const before = begun?.event ?? beforeByReceives(event);
    const { value, succeeded, requests } = await deliver(before);
    const after = { ...before, attempts: before.attempts + requests };
    const written =
      begun === undefined
        ? await this.#noteFailure(event, after, succeeded)
        : await this.#end(begun, succeeded, after.attempts);
    return { kind: "ran", value, protected: written, event: after, otherBytes: begun?.otherBytes ?? false };
  }

  /** Without a window nothing is looked up for an event that comes for the first time: it costs no call. */
  #isLeanFor({ receiveCount }: ReceivedEvent): boolean {
    return this.#windowMilliseconds === 0 && receiveCount === 1;
  }

  /** @returns undefined with the table out of reach */
  async #begin(event: ReceivedEvent, lockUntil: number): Promise<Begun | NotNow | undefined> {
    if (Date.now() < this.#outOfReachUntil) return undefined;
    try {
      return await this.#lock(event, lockUntil);
    } catch (error) {
      this.#outOfReach(event.id, error);
      return undefined;
    }
  }

  async #lock(event: ReceivedEvent, lockUntil: number): Promise<Begun | NotNow> {
    let item = homeOf(event.id).id;
    let id = event.id;
    let otherBytes = false;
    let result = await this.#store.begin(item, event, Date.now(), lockUntil);
    for (let conflicts = 0; "found" in result; conflicts++) {
      if (conflicts === MAX_CONFLICTS) throw new Error("Too many write at the same time.");
      const seen = result.found;
      const decision = decide(seen?.memories, { ...event, id }, Date.now(), lockUntil);
      if (decision.kind === "duplicate" || decision.kind === "in-progress") return decision;
      const written = decision.write && (await this.#store.put(item, decision.write, seen));
      if (written !== undefined && (decision.kind === "begin" || "found" in written)) {
        result = written;
      } else if (decision.kind === "elsewhere") {
        item = id = decision.eventId;
        result = await this.#store.begin(item, { ...event, id }, Date.now(), lockUntil);
        otherBytes = decision.otherBytes && "written" in result && result.written.revision === 1;
      }
    }
    return {
      item,
      stored: result.written,
      event: beforeThis(event, result.written.memories.event),
      otherBytes,
    };
  }

  /** @returns whether it is written down */
  async #end({ item, stored, event }: Begun, succeeded: boolean, attempts: number): Promise<boolean> {
    if (succeeded && this.#windowMilliseconds === 0) return true; // the lock ends by itself
    const rememberUntil = Date.now() + this.#windowMilliseconds;
    const ending = { begun: stored.memories.event, succeeded, attempts, rememberUntil };
    try {
      let seen: Stored | undefined = stored;
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
        const write = ended(seen?.memories, ending);
        if (write === undefined) return true;
        const result = await this.#store.put(item, write, seen);
        if ("written" in result) return true;
        seen = result.found;
      }
      throw new Error("Too many write at the same time.");
    } catch (error) {
      // Delivered, but not remembered: a duplicate may get through. Not delivered and not given back: the lock
      // ends by itself.
      this.#outOfReach(event.id, error);
      return !succeeded;
    }
  }

  /** What was not looked up beforehand is written down where it failed: its attempts go on counting. */
  async #noteFailure(received: ReceivedEvent, event: EventToDeliver, succeeded: boolean): Promise<boolean> {
    if (!this.#isLeanFor(received)) return false; // out of reach
    if (succeeded) return true;
    const { id: eventId, receivedAt, attempts, firstAttemptAt } = event;
    const memory = {
      eventId,
      delivered: false,
      heldUntil: 0,
      attempts,
      firstAttemptAt,
      ...defined({ receivedAt }),
    };
    await this.#store
      .put(homeOf(event.id).id, { event: memory, later: [] }, undefined)
      .catch((error: unknown) => this.#outOfReach(event.id, error));
    return true;
  }

  #outOfReach(eventId: string, error: unknown): void {
    this.#outOfReachUntil = Date.now() + COOLDOWN_MILLISECONDS;
    this.#logger.warn(logMessages.stateOutOfReach, { event_id: eventId, reason: errorName(error) });
  }
}

/** The event as its memory has it, without the request that was counted beforehand. */
function beforeThis(event: ReceivedEvent, { eventId, attempts, firstAttemptAt }: Memory): EventToDeliver {
  // Its message knows better where the item had expired, or was out of reach.
  return {
    ...event,
    id: eventId,
    attempts: Math.max(event.attempts, attempts - 1),
    firstAttemptAt: earlier(event.firstAttemptAt, firstAttemptAt),
  };
}

/** With nothing to look it up in, every receive before counts as an attempt. */
function beforeByReceives(event: ReceivedEvent): EventToDeliver {
  return { ...event, attempts: event.attempts + event.receiveCount - 1 };
}
