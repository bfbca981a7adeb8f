import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import { TimeUpError, within } from "../runtime/within.ts";
import { type BatchClock, startClock } from "./batch-clock.ts";
import { Intake } from "./intake.ts";
import type { Ports } from "./ports.ts";
import type { ProbeTally } from "./record-context.ts";

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
  const clock = startClock(ports, remaining, probe);
  const intake = new Intake(records, ports, clock);
  try {
    await within("The batch", clock.batchMilliseconds, () => deliverAll(intake, ports, clock));
  } catch (error) {
    if (!(error instanceof TimeUpError)) throw error;
  }
  intake.count();
  // Only what Lambda handed over, since it takes an id that it does not know for the failure of all. Returning nothing
  // here deletes the batch.
  const failed = records.filter((record) => !intake.first.isDone(record));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function deliverAll(intake: Intake, ports: Ports, clock: BatchClock): Promise<void> {
  const { breaker, settings } = ports;
  let isFirst = true;
  const work = async (goOn: () => boolean) => {
    while (goOn() && (isFirst || clock.mayStart())) {
      const turn = await intake.next();
      if (turn === undefined || !(isFirst || clock.mayStart()) || !(await itsTurn(ports, clock))) return;
      const startedAt = ports.now().getTime();
      const result = await turn.batch.process(turn.record);
      isFirst = false;
      intake.tell(turn, result, ports.now().getTime() - startedAt);
    }
  };
  await breaker.status();
  // Half-open, one delivery at a time asks whether the destination is well, until one has an answer.
  if (breaker.lastKnown === "half-open") await work(() => breaker.lastKnown === "half-open");
  await Promise.all(Array.from({ length: settings.batchConcurrency }, () => work(() => true)));
  await intake.end();
}

/**
 * Waits until the destination takes another delivery. A probe does not: it is a few events, and recovery waits for it no
 * longer than for one delivery. Nor does what is deferred.
 *
 * @returns false where there is no time left for it by then: it comes again
 */
async function itsTurn({ pace, breaker }: Ports, clock: BatchClock): Promise<boolean> {
  if (clock.frame.probe !== undefined || breaker.lastKnown === "open") return true;
  const hadToWait = await pace.take();
  return !hadToWait || clock.mayStart();
}
