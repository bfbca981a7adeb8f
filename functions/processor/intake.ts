import type { SQSRecord } from "aws-lambda";
import { TAKES_MORE_SECONDS } from "../../contract/invocation-times.ts";
import { MESSAGES_PER_CALL, receiveMessages } from "../../contract/queue-batch.ts";
import { toSqsRecord } from "../../contract/sqs-record.ts";
import { errorName } from "../runtime/error-name.ts";
import { Batch } from "./batch.ts";
import type { BatchClock } from "./batch-clock.ts";
import { deleteDone } from "./delete-done.ts";
import type { Ports } from "./ports.ts";
import { Receipts } from "./receipt.ts";
import type { Result } from "./record-context.ts";

/** As much as Lambda hands over at most: with that much in hand an invocation takes no more, whatever its memory. */
const MOST_CHARACTERS = 6 * 1024 * 1024;

/** A record whose turn it is. */
interface Turn {
  readonly record: SQSRecord;
  readonly batch: Batch;
}

/**
 * What one invocation delivers: the batch that Lambda hands it, and more where a full one says that others wait.
 *
 * Lambda brings the next batch when the last event of this one is through: until then places stay idle, and what AWS is
 * asked for each batch is waited for. So the invocation receives more itself, as long as all deliveries succeed and its time
 * is enough for what it has in hand, and deletes what is done. docs/decisions/0021-take-more-while-a-backlog-lasts.md
 */
export class Intake {
  /** Lambda's own: for the rest of it Lambda's poller sees that it comes again. */
  readonly first: Batch;
  readonly #ports: Ports;
  readonly #clock: BatchClock;
  readonly #receipts: Receipts;
  /** Batches that have not been counted. */
  readonly #open: Set<Batch>;
  /** Those of them that are being ended. */
  readonly #ending = new Map<Batch, Promise<void>>();
  readonly #turns: Turn[];
  #receiving: Promise<void> | undefined;
  /** Whether more may be received at all. */
  #takesMore: boolean;
  /** Receives in a row that brought few. */
  #sparse = 0;
  #succeeded = 0;
  /** Where something fails, each receive counts: one that is not reached in time is not to lose it here. */
  #hasFailed = false;
  #slowestMilliseconds = 0;

  constructor(records: readonly SQSRecord[], ports: Ports, clock: BatchClock) {
    this.#ports = ports;
    this.#clock = clock;
    this.#receipts = new Receipts(ports.once);
    this.first = this.#newBatch(records);
    this.#open = new Set([this.first]);
    this.#turns = records.map((record) => ({ record, batch: this.first }));
    // Where deliveries are paced, they are what is waited for.
    const isPaced = ports.settings.pauseMilliseconds > 0;
    this.#takesMore = records.length >= MESSAGES_PER_CALL && !isPaced && clock.frame.probe === undefined;
  }

  /** Undefined where there is nothing left to deliver. */
  async next(): Promise<Turn | undefined> {
    for (;;) {
      this.#receiveMore();
      const turn = this.#turns.shift();
      if (turn !== undefined || this.#receiving === undefined) return turn;
      await this.#receiving;
    }
  }

  /** @param milliseconds what it took, with all that belongs to it */
  tell({ batch }: Turn, { kind }: Result, milliseconds: number): void {
    if (kind === "delivered") this.#succeeded++;
    else this.#hasFailed = true;
    this.#slowestMilliseconds = Math.max(this.#slowestMilliseconds, milliseconds);
    if (batch.isThrough) this.#end(batch);
  }

  /** When nothing is delivered any more: ends what is open. It never rejects. */
  async end(): Promise<void> {
    await this.#receiving; // what it brings is put back, or nobody sees it until it is no longer hidden
    this.#receipts.hurry();
    await Promise.all([...this.#open].map((batch) => this.#end(batch)));
  }

  /** Counts what has not been counted: at the end, whatever it came to. */
  count(): void {
    for (const batch of this.#open) batch.count();
    this.#open.clear();
  }

  #newBatch(records: readonly SQSRecord[]): Batch {
    return new Batch(records, this.#ports, this.#clock.frame, this.#receipts);
  }

  /** Begins to receive while the last ones are delivered. */
  #receiveMore(): void {
    const { batchConcurrency } = this.#ports.settings;
    const ahead = Math.max(MESSAGES_PER_CALL, batchConcurrency);
    if (!this.#takesMore || this.#receiving || this.#turns.length > ahead) return;
    if (this.#succeeded === 0 || this.#hasFailed || !this.#hasTime || !this.#hasRoom) return;
    this.#receiving = this.#receive().finally(() => {
      this.#receiving = undefined;
    });
  }

  /**
   * Whether all would be begun in time, were each as slow as the slowest so far, and the last one as slow as may be: what
   * is received and not reached has used up a receive.
   */
  get #hasTime(): boolean {
    const { now, settings } = this.#ports;
    const { batchConcurrency } = settings;
    if (now().getTime() - this.#clock.frame.invokedAt.getTime() >= TAKES_MORE_SECONDS * 1_000) return false;
    const inHand = this.#turns.length + batchConcurrency + MESSAGES_PER_CALL;
    return this.#clock.mayStart(Math.ceil(inHand / batchConcurrency) * this.#slowestMilliseconds);
  }

  /** Bodies are kept until their batch has been noted. */
  get #hasRoom(): boolean {
    return [...this.#open].reduce((sum, { characters }) => sum + characters, 0) < MOST_CHARACTERS;
  }

  async #receive(): Promise<void> {
    const { breaker, sqs, settings, logger } = this.#ports;
    try {
      this.#takesMore = (await breaker.status()) === "closed";
      if (!this.#takesMore) return;
      const messages = await receiveMessages(sqs, settings.queueUrl, { waitSeconds: 0 });
      this.#takesMore = this.#isBacklog(messages.length);
      const arn = this.first.records[0]?.eventSourceARN ?? "";
      this.#add(messages.map((message) => toSqsRecord(message, arn)));
    } catch (error) {
      this.#takesMore = false;
      logger.warn("The queue gave no more events to this invocation; Lambda brings them", {
        reason: errorName(error),
      });
    }
  }

  /**
   * Whether others wait after so many. A short poll asks some of SQS's servers only and may bring less than there is: twice
   * in a row it does not. Without a backlog Lambda's poller waits for the next ones at no cost.
   */
  #isBacklog(received: number): boolean {
    this.#sparse = received < MESSAGES_PER_CALL / 2 ? this.#sparse + 1 : 0;
    return received > 0 && this.#sparse < 2;
  }

  #add(records: readonly SQSRecord[]): void {
    if (records.length === 0) return;
    const batch = this.#newBatch(records);
    this.#open.add(batch);
    this.#turns.push(...records.map((record) => ({ record, batch })));
    batch.lockAhead();
  }

  #end(batch: Batch): Promise<void> {
    const ending = this.#ending.get(batch) ?? this.#endNow(batch).finally(() => this.#ending.delete(batch));
    this.#ending.set(batch, ending);
    return ending;
  }

  async #endNow(batch: Batch): Promise<void> {
    await batch.settle();
    if (batch !== this.first) {
      await batch.putBackUnreached();
      await deleteDone(
        batch.records.filter((record) => batch.isDone(record)),
        this.#ports,
      );
    }
    if (this.#open.delete(batch)) batch.count();
  }
}
