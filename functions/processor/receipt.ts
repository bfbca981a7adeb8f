import { GATHER_SECONDS } from "../../contract/invocation-times.ts";
import { pause } from "../runtime/pause.ts";
import type { BatchStore } from "./batch-store.ts";

/**
 * For how long a success waits for others that go on the receipt in the same writing. A copy that comes from elsewhere
 * meanwhile finds the lock; an environment that is killed meanwhile lets a duplicate through.
 */
const GATHER_MILLISECONDS = GATHER_SECONDS * 1_000;

/** Places of one receipt. Each writing of an item costs by its whole size: so many fit into one unit of 1 KB. */
const MAX_PLACES = 100;

/** Says which events of an invocation have been delivered: in one item, written a few times at most. */
export class Receipt {
  /** Its item in the state table. */
  readonly item: string;
  readonly #store: BatchStore;
  readonly #rememberMilliseconds: number;
  #places = 0;
  #gathered: string[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #hurry = Promise.withResolvers<void>();

  constructor(store: BatchStore, item: string, rememberMilliseconds: number) {
    this.#store = store;
    this.item = item;
    this.#rememberMilliseconds = rememberMilliseconds;
  }

  /** Whether the next events need another one. */
  get isFull(): boolean {
    return this.#places >= MAX_PLACES;
  }

  /** A place for one event. */
  newPlace(): string {
    return String(++this.#places);
  }

  /** Says that the event at that place has been delivered. @throws what DynamoDB throws */
  add(place: string): Promise<void> {
    this.#gathered.push(place);
    this.#next ??= this.#write(this.#last);
    return this.#next;
  }

  /** Waits no longer for others: none comes any more. */
  hurry(): void {
    this.#hurry.resolve();
  }

  async #write(before: Promise<void>): Promise<void> {
    await Promise.race([pause(GATHER_MILLISECONDS), this.#hurry.promise]);
    await before.catch(() => {}); // whoever waits for that one is told
    const places = this.#gathered;
    this.#gathered = [];
    this.#hurry = Promise.withResolvers();
    this.#last = this.#next as Promise<void>;
    this.#next = undefined;
    await this.#store.addToReceipt(this.item, places, Date.now() + this.#rememberMilliseconds);
  }
}

/** The receipts of one invocation: batches that overlap share one, which is then written less often. */
export class Receipts {
  readonly #newReceipt: () => Receipt;
  readonly #all: Receipt[] = [];

  constructor(of: { readonly newReceipt: () => Receipt }) {
    this.#newReceipt = () => of.newReceipt();
  }

  /** The one on which there is room. */
  get current(): Receipt {
    const last = this.#all.at(-1);
    if (last !== undefined && !last.isFull) return last;
    const next = this.#newReceipt();
    this.#all.push(next);
    return next;
  }

  /** No success comes any more: has them written. */
  hurry(): void {
    for (const receipt of this.#all.splice(0)) receipt.hurry();
  }
}
