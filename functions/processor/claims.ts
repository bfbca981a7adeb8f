import { homeOf } from "../../contract/event/identity.ts";
import { MAX_STATEMENTS } from "../../contract/insert-statements.ts";
import type { Claimed } from "./delivery-lock.ts";
import type { DeliverOnce, ReceivedEvent } from "./once.ts";
import type { Receipt } from "./receipt.ts";

/**
 * The locks on a batch's events, taken for several in one call, ahead of their deliveries. Only for those that come for
 * the first time: what is known of another one is looked at when it is its turn.
 */
export class Claims {
  readonly #once: DeliverOnce;
  /** The first is that of the events claimed next. */
  readonly #receipts: [Receipt, ...Receipt[]];
  readonly #lockUntil: number;
  readonly #ahead: number;
  /** Those that may be claimed, in the order in which they are delivered. */
  readonly #waiting: ReceivedEvent[];
  /** Those that were claimed, and not yet asked for. */
  readonly #claimed = new Map<ReceivedEvent, Promise<Claimed>>();

  /**
   * @param events in the order in which they are delivered
   * @param atOnce deliveries at once
   * @param lockUntil when this execution has ended at the latest: milliseconds since 1970
   */
  constructor(once: DeliverOnce, events: readonly ReceivedEvent[], atOnce: number, lockUntil: number) {
    this.#once = once;
    this.#receipts = [once.newReceipt()];
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
  of(event: ReceivedEvent): Promise<Claimed> | undefined {
    if (!this.#claimed.has(event)) this.#claim(event);
    const claimed = this.#claimed.get(event);
    this.#claimed.delete(event);
    if (this.#claimed.size < this.#ahead / 2) this.#claim(this.#waiting[0]);
    return claimed;
  }

  /** Gives back the locks on events that were not delivered, and has the receipts written. */
  async settle(): Promise<void> {
    for (const receipt of this.#receipts) receipt.hurry();
    const left = await Promise.all(this.#claimed.values());
    this.#claimed.clear();
    await Promise.all(left.map((claimed) => this.#once.giveBack(claimed)));
  }

  /** Claims the next ones, if that one is the next of them. For one alone a receipt saves nothing. */
  #claim(first: ReceivedEvent | undefined): void {
    const at = first === undefined ? -1 : this.#waiting.indexOf(first);
    if (at === -1) return;
    this.#waiting.splice(0, at); // those before it were delivered without
    const next = this.#waiting.splice(0, this.#ahead - this.#claimed.size);
    if (next.length < 2 || !this.#once.mayClaim) return;
    if (this.#receipts[0].isFull) this.#receipts.unshift(this.#once.newReceipt());
    const claiming = this.#once.claim(next, this.#receipts[0], this.#lockUntil);
    for (const event of next) {
      this.#claimed.set(
        event,
        claiming.then((claims) => claims.get(event) as Claimed),
      );
    }
  }
}
