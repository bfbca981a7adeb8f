import type { VirtualClock } from "../clock.ts";
import { AwsError } from "./errors.ts";

/**
 * Units a second: of a new table in on-demand mode, and of one item, which lies on one partition.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const UNITS_A_SECOND = {
  read: { table: 12_000, item: 3_000 },
  write: { table: 4_000, item: 1_000 },
} as const;
/** Bytes of one unit. */
const READ_BYTES = 4_096;
const WRITE_BYTES = 1_024;

type Kind = keyof typeof UNITS_A_SECOND;

/** What a table takes in a second. */
export class Capacity {
  readonly #clock: VirtualClock;
  readonly #items = { read: new Map<string, number>(), write: new Map<string, number>() };
  readonly #table = { read: 0, write: 0 };
  #second = 0;
  /** Calls that were refused. */
  throttles = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** @throws {AwsError} */
  read(id: string, bytes: number, consistent: boolean): void {
    this.#spend("read", id, Math.max(1, Math.ceil(bytes / READ_BYTES)) * (consistent ? 1 : 0.5));
  }

  /** @throws {AwsError} */
  write(id: string, bytes: number): void {
    this.#spend("write", id, Math.max(1, Math.ceil(bytes / WRITE_BYTES)));
  }

  /** What is refused costs nothing. */
  #spend(kind: Kind, id: string, units: number): void {
    const second = Math.floor(this.#clock.now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#table.read = this.#table.write = 0;
      this.#items.read.clear();
      this.#items.write.clear();
    }
    const ofTable = this.#table[kind] + units;
    const ofItem = (this.#items[kind].get(id) ?? 0) + units;
    if (ofTable > UNITS_A_SECOND[kind].table || ofItem > UNITS_A_SECOND[kind].item) {
      this.throttles++;
      throw new AwsError("ThrottlingException", "Throughput exceeds the current capacity", 400, {
        throttling: true,
      });
    }
    this.#table[kind] = ofTable;
    this.#items[kind].set(id, ofItem);
  }
}
