import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorLocation, errorName } from "../runtime/error-name.ts";
import { TimeUpError, within } from "../runtime/within.ts";
import type { LockAhead } from "./delivery-lock.ts";
import { LocksAhead } from "./locks-ahead.ts";
import type { ReceivedEvent } from "./once.ts";
import type { Ports } from "./ports.ts";
import { processRecord } from "./process-record.ts";
import { fieldsOfRecord } from "./read-record.ts";
import { type Reading, readMessage } from "./reading.ts";
import { isDone, type ProbeTally, type Result, type TimeFrame } from "./record-context.ts";
import { countResults } from "./results.ts";

/** What must be left when a delivery ends: for a back-off or a dead letter, two attempts of 1.5 s each, and the answer. */
const RESERVE_MILLISECONDS = 4_000;
/** No more of a short function's time than this. */
const RESERVE_SHARE = 1 / 4;
/** What of that is for the answer itself: a function that times out returns none, and burns every receive. */
const ANSWER_SHARE = 1 / 8;

/**
 * Delivers a batch, some records at a time, and says which of them have to come again.
 *
 * Powertools' batch utility bounds neither number nor time: docs/decisions/0005-bound-deliveries-ourselves.md
 *
 * @param remaining milliseconds until Lambda ends the invocation.
 * @param probe where this is one: events are delivered although the breaker is open
 */
export async function processBatch(
  records: readonly SQSRecord[],
  ports: Ports,
  remaining: () => number,
  probe?: ProbeTally,
): Promise<SQSBatchResponse> {
  const results = new Map<SQSRecord, Result>();
  const clock = startClock(ports, remaining, probe);
  const notes = new Notes();
  const readings = new Map(records.map((record) => [record, readAhead(record, ports)]));
  const locks = locksAheadOf([...readings.values()], ports, clock.frame);
  // While the breaker asks whether the destination is well, each is locked for itself, and most of them not at all.
  const lockAhead = (event: ReceivedEvent): Promise<LockAhead> | undefined =>
    ports.breaker.lastKnown === "closed" ? locks.of(event) : undefined;
  const queue = [...records];
  const work = async (goOn: () => boolean) => {
    while (goOn() && (results.size === 0 || clock.mayStart())) {
      const record = queue.shift();
      if (record === undefined) return;
      if (!(await itsTurn(ports, clock))) return;
      const reading = () => readings.get(record) ?? readMessage(record, ports.now());
      const process = async () => processRecord(reading(), ports, clock.frame, lockAhead);
      const result = await processSafely(record, process, ports);
      results.set(record, result);
      if (result.kind === "delivered" && result.protected) notes.add(result.protected);
    }
  };
  const workAll = async () => {
    await ports.breaker.status();
    // Half-open, one delivery at a time asks whether the destination is well, until one has an answer.
    if (ports.breaker.lastKnown === "half-open") await work(() => ports.breaker.lastKnown === "half-open");
    await Promise.all(Array.from({ length: ports.settings.batchConcurrency }, () => work(() => true)));
    await Promise.all([ports.breaker.flush(), locks.settle(), notes.settled]);
  };
  try {
    await within("The batch", clock.batchMilliseconds, workAll);
  } catch (error) {
    if (!(error instanceof TimeUpError)) throw error;
  }
  try {
    countResults(records, results, notes.missing, ports);
  } catch {
    ports.metrics.clearMetrics(); // a metric that cannot be written must not bring delivered events back
  }
  // A record is gone only where its result says so: one that was not reached, or is still on its way, comes
  // again. Returning nothing here deletes the batch.
  const failed = records.filter((record) => !isDone(results.get(record)));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** What the table has still to take down of what was delivered. */
class Notes {
  readonly #all: Promise<void>[] = [];
  /** Deliveries that it does not know, or not yet. */
  missing = 0;

  add(isWritten: Promise<boolean>): void {
    this.missing++;
    this.#all.push(
      isWritten.then((written) => {
        if (written) this.missing--;
      }),
    );
  }

  get settled(): Promise<unknown> {
    return Promise.all(this.#all);
  }
}

function startClock({ destination, now }: Ports, remaining: () => number, probe?: ProbeTally) {
  const invokedAt = now();
  const total = remaining();
  const reserve = Math.min(RESERVE_MILLISECONDS, total * RESERVE_SHARE);
  return {
    batchMilliseconds: Math.max(0, total - reserve * ANSWER_SHARE),
    frame: {
      invokedAt,
      invocationEndsAt: new Date(invokedAt.getTime() + total),
      deliveryMilliseconds: () => Math.max(0, remaining() - reserve),
      ...defined({ probe }),
    } satisfies TimeFrame,
    mayStart: () => remaining() - reserve >= destination.timeoutMilliseconds,
  };
}

/**
 * Waits until the destination takes another delivery. A probe does not: it is a few events, and recovery waits for it no
 * longer than for one delivery. Nor does what is deferred.
 *
 * @returns false where there is no time left for it by then: it comes again
 */
async function itsTurn({ pace, breaker }: Ports, clock: ReturnType<typeof startClock>): Promise<boolean> {
  if (clock.frame.probe !== undefined || breaker.lastKnown === "open") return true;
  const hadToWait = await pace.take();
  return !hadToWait || clock.mayStart();
}

/** Undefined where nobody can read it: that is told when it is its turn. */
function readAhead(record: SQSRecord, { now }: Ports): Reading | undefined {
  try {
    return readMessage(record, now());
  } catch {
    return undefined;
  }
}

function locksAheadOf(
  readings: readonly (Reading | undefined)[],
  { once, settings }: Ports,
  frame: TimeFrame,
) {
  const events = readings.flatMap((reading) => reading?.received ?? []);
  return new LocksAhead(once, events, settings.batchConcurrency, frame.invocationEndsAt.getTime());
}

/** One record's misfortune is never another's. */
async function processSafely(
  record: SQSRecord,
  process: () => Promise<Result>,
  { logger }: Ports,
): Promise<Result> {
  try {
    return await process();
  } catch (error) {
    logger.error(logMessages.retryLater, {
      ...fieldsOfRecord(record),
      message_id: record.messageId,
      class: "transient",
      reason: errorName(error),
      at: errorLocation(error),
    });
    return { kind: "again" };
  }
}
