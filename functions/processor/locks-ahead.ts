import { homeOf } from "../../contract/event/identity.ts";
import { MAX_STATEMENTS } from "../../contract/insert-statements.ts";
import type { LockAhead } from "./delivery-lock.ts";
import type { DeliverOnce, ReceivedEvent } from "./once.ts";
import type { Receipts } from "./receipt.ts";

/**
 * The locks on a batch's events, taken for several in one call, ahead of their deliveries. Only for those that come for
 * the first time: what is known of another one is looked at when it is its turn.
 */
export class LocksAhead {
  readonly #once: DeliverOnce;
  readonly #receipts: Receipts;
  readonly #lockUntil: number;
  readonly #ahead: number;
  /** Those that may be locked, in the order in which they are delivered. */
  readonly #waiting: ReceivedEvent[];
  /** Those that were locked, and not yet asked for. */
  readonly #locked = new Map<ReceivedEvent, Promise<LockAhead>>();

  /**
   * @param events in the order in which they are delivered
   * @param atOnce deliveries at once
   * @param lockUntil when this execution has ended at the latest: milliseconds since 1970
   * @param receipts where their successes go
   */
  constructor(
    once: DeliverOnce,
    events: readonly ReceivedEvent[],
    atOnce: number,
    lockUntil: number,
    receipts: Receipts,
  ) {
    this.#once = once;
    this.#receipts = receipts;
    this.#lockUntil = lockUntil;
    this.#ahead = Math.min(2 * atOnce, MAX_STATEMENTS);
    // Of copies the first alone: one call writes no item twice.
    const homes = new Set<string>();
    this.#waiting = events.filter(({ id, receiveCount, attempts }) => {
      const isFirst = receiveCount === 1 && attempts === 0 && !homes.has(homeOf(id).id);
      homes.add(homeOf(id).id);
      return isFirst;
    });
  }

  /** The lock on an event that is delivered now; undefined where it has to be taken for itself. */
  of(event: ReceivedEvent): Promise<LockAhead> | undefined {
    if (!this.#locked.has(event)) this.#lockNext(event);
    const locked = this.#locked.get(event);
    this.#locked.delete(event);
    if (this.#locked.size < this.#ahead / 2) this.#lockNext(this.#waiting[0]);
    return locked;
  }

  /** Locks the first ones, if nobody has asked yet. */
  begin(): void {
    if (this.#locked.size === 0) this.#lockNext(this.#waiting[0]);
  }

  /** Gives back the locks on events that were not delivered. */
  async settle(): Promise<void> {
    const left = await Promise.all(this.#locked.values());
    this.#locked.clear();
    await Promise.all(left.map((locked) => this.#once.giveBack(locked)));
  }

  /** Locks the next ones, if that one is the next of them. For one alone a receipt saves nothing. */
  #lockNext(first: ReceivedEvent | undefined): void {
    const at = first === undefined ? -1 : this.#waiting.indexOf(first);
    if (at === -1) return;
    this.#waiting.splice(0, at); // those before it were delivered without
    const next = this.#waiting.splice(0, this.#ahead - this.#locked.size);
    if (next.length < 2 || !this.#once.mayLockAhead) return;
    const locking = this.#once.lockAhead(next, this.#receipts.current, this.#lockUntil);
    for (const event of next) {
      this.#locked.set(
        event,
        locking.then((locks) => locks.get(event) as LockAhead),
      );
    }
  }
}
