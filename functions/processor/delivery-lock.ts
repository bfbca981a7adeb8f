import { defined } from "../../contract/defined.ts";
import { homeOf } from "../../contract/event/identity.ts";
import type { BatchStore, NewLock } from "./batch-store.ts";
import {
  decide,
  type Ending,
  type EventToDeliver,
  earlier,
  ended,
  lockedAhead,
  type Memory,
} from "./memory.ts";
import type { Stored } from "./memory-item.ts";
import type { MemoryStore } from "./memory-store.ts";
import { Receipt } from "./receipt.ts";

/** Delivered before, within the window; or another execution is at it, or was killed at it not long ago. */
export type NotNow = { readonly kind: "duplicate" } | { readonly kind: "in-progress" };

/** A delivery that is locked for this execution. */
export interface Begun {
  /** The item that says so. */
  readonly item: string;
  readonly stored: Stored;
  /** With the id under which it goes out, and the requests before this delivery. */
  readonly event: EventToDeliver;
  /** Whether another event has the same id, and other bytes, and nobody has told yet. */
  readonly otherBytes: boolean;
  /** Where its success goes; its own item, where there is none. */
  readonly receipt?: Receipt;
}

/** What became of the lock on one event, taken with those on others. */
export interface LockAhead {
  /** Absent where something is known of it already, or where the lock did not come through. */
  readonly begun?: Begun;
  /** By it the lock is found again whose answer was lost. */
  readonly writer: string;
}

const MAX_CONFLICTS = 50; // those who write at the same time have the same bytes: each of them may be first once

/** Takes and gives back the locks on events, in the state table. All of it throws what DynamoDB throws. */
export class DeliveryLock {
  readonly #store: MemoryStore;
  readonly #batches: BatchStore;

  constructor(store: MemoryStore, batches: BatchStore) {
    this.#store = store;
    this.#batches = batches;
  }

  /** @param rememberMilliseconds for how long a success is remembered */
  newReceipt(rememberMilliseconds: number): Receipt {
    return new Receipt(this.#batches, `receipt/${this.#store.newWriter()}`, rememberMilliseconds);
  }

  /** What a lock on each of these events would write. */
  plan<E extends EventToDeliver>(
    events: readonly E[],
    receipt: Receipt,
    lockUntil: number,
  ): ReadonlyMap<E, NewLock> {
    return new Map(
      events.map((event) => {
        const place = { item: receipt.item, place: receipt.newPlace() };
        const lock: NewLock = {
          item: homeOf(event.id).id,
          event: lockedAhead(event, lockUntil, place),
          writer: this.#store.newWriter(),
        };
        return [event, lock];
      }),
    );
  }

  /** Locks several that come for the first time, in one call. */
  async lockAhead<E extends EventToDeliver>(
    plan: ReadonlyMap<E, NewLock>,
    receipt: Receipt,
    rememberMilliseconds: number,
  ): Promise<ReadonlyMap<E, LockAhead>> {
    const written = await this.#batches.lock([...plan.values()], rememberMilliseconds / 1000);
    return new Map(
      [...plan].map(([event, lock]) => {
        const stored = written.get(lock);
        const begun = stored && { item: lock.item, stored, event, otherBytes: false, receipt };
        return [event, { writer: lock.writer, ...defined({ begun }) }];
      }),
    );
  }

  /**
   * One call as a rule: another one only where the item is already somebody's.
   *
   * @param ahead that of this event which did not come through, as far as anybody knows
   */
  async take(event: EventToDeliver, lockUntil: number, ahead?: LockAhead): Promise<Begun | NotNow> {
    const home = homeOf(event.id);
    let item = home.id;
    let id = event.id;
    let otherBytes = false;
    const writers = [this.#store.newWriter(), ...(ahead ? [ahead.writer] : [])] as const;
    let result = await this.#store.begin(item, event, Date.now(), lockUntil, writers);
    for (let conflicts = 0; "found" in result; conflicts++) {
      if (conflicts === MAX_CONFLICTS) throw new TooManyWritersError();
      const seen = result.found && (await this.#batches.withReceipt(result.found));
      const span = item === home.id ? home.spanMilliseconds : undefined;
      const decision = decide(seen?.memories, { ...event, id }, Date.now(), lockUntil, span);
      if (decision.kind === "in-progress") return decision;
      const written = decision.write && (await this.#store.put(item, decision.write, seen));
      if (written !== undefined && (decision.kind === "begin" || "found" in written)) {
        result = written;
      } else if (decision.kind === "duplicate") {
        return { kind: "duplicate" };
      } else if (decision.kind === "elsewhere") {
        item = id = decision.eventId;
        result = await this.#store.begin(item, { ...event, id }, Date.now(), lockUntil);
        otherBytes = decision.otherBytes && "written" in result && result.written.revision === 1;
      }
    }
    const stored = result.written;
    return { item, stored, event: beforeThis(event, stored.memories.event), otherBytes };
  }

  /** Gives it back, or remembers the success. */
  async end({ item, stored, receipt }: Begun, ending: Omit<Ending, "begun">): Promise<void> {
    const { receipt: at } = stored.memories.event;
    if (ending.succeeded && receipt !== undefined && at !== undefined) return receipt.add(at.place);
    let seen: Stored | undefined = stored;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const write = ended(seen?.memories, { ...ending, begun: stored.memories.event });
      if (write === undefined) return;
      const result = await this.#store.put(item, write, seen);
      if ("written" in result) return;
      seen = result.found;
    }
    throw new TooManyWritersError();
  }

  /** Writes down the failure of a delivery that was not locked, for its attempts. */
  async note({ id: eventId, receivedAt, attempts, firstAttemptAt }: EventToDeliver): Promise<void> {
    const event: Memory = {
      ...{ eventId, delivered: false, heldUntil: 0, attempts, firstAttemptAt },
      ...defined({ receivedAt }),
    };
    const item = homeOf(eventId).id;
    const result = await this.#store.put(item, { event, later: [] }, undefined);
    if (!("found" in result) || result.found === undefined) return;
    const { memories } = result.found;
    if (memories.event.eventId !== eventId || memories.event.attempts >= attempts) return;
    await this.#store.put(item, { ...memories, event: { ...memories.event, attempts } }, result.found);
  }
}

class TooManyWritersError extends Error {
  constructor() {
    super("Too many write the same item at the same time.");
    this.name = "TooManyWritersError";
  }
}

/** The event as its memory has it, without the request that was counted beforehand. */
function beforeThis(event: EventToDeliver, { eventId, attempts, firstAttemptAt }: Memory): EventToDeliver {
  // Its message knows better where the item had expired, or was out of reach.
  return {
    ...event,
    id: eventId,
    attempts: Math.max(event.attempts, attempts - 1),
    firstAttemptAt: earlier(event.firstAttemptAt, firstAttemptAt),
  };
}
