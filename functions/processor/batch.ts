import type { SQSRecord } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import { errorLocation, errorName } from "../runtime/error-name.ts";
import { LocksAhead } from "./locks-ahead.ts";
import type { Ports } from "./ports.ts";
import { processRecord, putBack } from "./process-record.ts";
import { fieldsOfRecord } from "./read-record.ts";
import { type Reading, readMessage } from "./reading.ts";
import type { Receipts } from "./receipt.ts";
import { isDone, type Result, type TimeFrame } from "./record-context.ts";
import { countResults } from "./results.ts";

/** Records that came together, and what becomes of each. */
export class Batch {
  readonly records: readonly SQSRecord[];
  readonly #ports: Ports;
  readonly #time: TimeFrame;
  readonly #readings: ReadonlyMap<SQSRecord, Reading | undefined>;
  readonly #locks: LocksAhead;
  readonly #results = new Map<SQSRecord, Result>();
  readonly #started = new Set<SQSRecord>();
  readonly #notes: Promise<void>[] = [];
  /** Deliveries that the table does not know, or not yet. */
  #missingNotes = 0;

  constructor(records: readonly SQSRecord[], ports: Ports, time: TimeFrame, receipts: Receipts) {
    this.records = records;
    this.#ports = ports;
    this.#time = time;
    this.#readings = new Map(records.map((record) => [record, readAhead(record, ports)]));
    const events = [...this.#readings.values()].flatMap((reading) => reading?.received ?? []);
    const lockUntil = time.invocationEndsAt.getTime();
    this.#locks = new LocksAhead(ports.once, events, ports.settings.batchConcurrency, lockUntil, receipts);
  }

  /** Of all bodies. */
  get characters(): number {
    return this.records.reduce((sum, { body }) => sum + body.length, 0);
  }

  /** Whether each record has its result. */
  get isThrough(): boolean {
    return this.#results.size === this.records.length;
  }

  /** Locks the first ones, before anybody asks. */
  lockAhead(): void {
    this.#locks.begin();
  }

  /** Delivers one record. It never rejects: one record's misfortune is never another's. */
  async process(record: SQSRecord): Promise<Result> {
    this.#started.add(record);
    const result = await this.#process(record);
    this.#results.set(record, result);
    if (result.kind === "delivered" && result.protected) this.#note(result.protected);
    return result;
  }

  /** Ends what the deliveries have left open. It never rejects. */
  async settle(): Promise<void> {
    await Promise.all([this.#ports.breaker.flush(), this.#locks.settle(), ...this.#notes]);
  }

  /** Has what was not reached come again at once, without an attempt. Its locks have been given back. */
  async putBackUnreached(): Promise<void> {
    const unreached = this.records.filter((record) => !this.#started.has(record));
    await Promise.all(
      unreached.map(async (record) => {
        const result = await this.#safely(record, () => putBack(this.#read(record), this.#ports, this.#time));
        this.#results.set(record, result);
      }),
    );
  }

  count(): void {
    try {
      countResults(this.records, this.#results, this.#missingNotes, this.#ports);
    } catch {
      this.#ports.metrics.clearMetrics(); // a metric that cannot be written must not bring delivered events back
    }
  }

  /** A record is done only where its result says so: one that was not reached, or is still on its way, comes again. */
  isDone(record: SQSRecord): boolean {
    return isDone(this.#results.get(record));
  }

  #process(record: SQSRecord): Promise<Result> {
    const { breaker } = this.#ports;
    return this.#safely(record, () =>
      processRecord(this.#read(record), this.#ports, this.#time, (event) =>
        // While the breaker asks whether the destination is well, each is locked for itself, and most of them not at all.
        breaker.lastKnown === "closed" ? this.#locks.of(event) : undefined,
      ),
    );
  }

  #read(record: SQSRecord): Reading {
    return this.#readings.get(record) ?? readMessage(record, this.#ports.now());
  }

  #note(isWritten: Promise<boolean>): void {
    this.#missingNotes++;
    this.#notes.push(
      isWritten.then((written) => {
        if (written) this.#missingNotes--;
      }),
    );
  }

  async #safely(record: SQSRecord, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#ports.logger.error(logMessages.retryLater, {
        ...fieldsOfRecord(record),
        message_id: record.messageId,
        class: "transient",
        reason: errorName(error),
        at: errorLocation(error),
      });
      return { kind: "again" };
    }
  }
}

/** Undefined where nobody can read it: that is told when it is its turn. */
function readAhead(record: SQSRecord, { now }: Ports): Reading | undefined {
  try {
    return readMessage(record, now());
  } catch {
    return undefined;
  }
}
