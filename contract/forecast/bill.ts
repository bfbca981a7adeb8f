import { GATHER_SECONDS } from "../invocation-times.ts";
import { prices } from "../prices.ts";
import type { Capacity } from "./capacity.ts";
import type { ForecastSettings } from "./settings.ts";

/** What one event and one batch use. `__tests__/docs/costs.test.ts` measures them, and holds these to it. */
const LOG_BYTES = { event: 878, batch: 191 };
/** What AWS alone can tell: docs/costs.md says it beside its tables. */
const RECEIVER_SECONDS = 0.01;
const PROCESSOR_SECONDS = 0.03;
/** An invocation that takes more from the queue itself: so many events, and so long for each beside the destination's time. */
const BACKLOG = { events: 200, seconds: 0.002 };
/** SQS hands over, and deletes, so many messages in one request. */
const MESSAGES_PER_CALL = 10;
/** Of a whole environment that nobody uses, a month: docs/costs.md has its lines. US dollars. */
export const IDLE_DOLLARS_A_MONTH = 12.61;
export const SECONDS_A_MONTH = 730 * 3_600;

const SQS_CHUNK_BYTES = 65_536;
const API_CHUNK_BYTES = 524_288;
/** An event that is parked is received, deleted and sent once more, ten to a call, and stored and read in five hundreds. */
const PARKING_SQS_REQUESTS = 3 / 10;
const PARKING_S3_REQUESTS = 2 / 500;

/** What an event costs, US dollars. @param batchEvents events in one invocation: 1 where they come one by one */
export function dollarsAnEvent(
  settings: ForecastSettings,
  event: { readonly bytes: number; readonly latencySeconds: number; readonly batchEvents: number },
): number {
  const { bytes, latencySeconds, batchEvents } = event;
  const isPaced = settings["processor.deliveriesPerSecond"] !== undefined;
  const takesMore = batchEvents >= MESSAGES_PER_CALL && !isPaced;
  const events = takesMore ? Math.max(BACKLOG.events, batchEvents) : batchEvents;
  const rounds = Math.ceil(events / Math.min(settings["processor.batchConcurrency"], events));
  const seconds = PROCESSOR_SECONDS + rounds * latencySeconds + (takesMore ? events * BACKLOG.seconds : 0);
  const suppresses = settings["idempotency.windowSeconds"] > 0;
  const receipts = takesMore ? seconds / GATHER_SECONDS : 1;
  const calls = Math.ceil(events / MESSAGES_PER_CALL);
  const gigabytes = (megabytes: number) => megabytes / 1_024;
  const one =
    Math.ceil(bytes / API_CHUNK_BYTES) * prices.httpApiRequest +
    prices.invocation +
    RECEIVER_SECONDS * gigabytes(settings["receiver.memoryMegabytes"]) * prices.gigabyteSecond +
    Math.ceil(bytes / SQS_CHUNK_BYTES) * prices.sqsRequest +
    (suppresses ? prices.dynamodbWrite : 0) +
    LOG_BYTES.event * prices.logByte;
  const invocation =
    prices.invocation +
    seconds * gigabytes(settings["processor.memoryMegabytes"]) * prices.gigabyteSecond +
    (suppresses ? receipts * prices.dynamodbWrite : 0) +
    // Received, and deleted.
    calls *
      (Math.ceil((bytes * Math.min(events, MESSAGES_PER_CALL)) / SQS_CHUNK_BYTES) + 1) *
      prices.sqsRequest +
    calls * LOG_BYTES.batch * prices.logByte;
  return one + invocation / events;
}

/** Of moving one event to the bucket and back. */
export const DOLLARS_A_PARKED_EVENT =
  PARKING_SQS_REQUESTS * prices.sqsRequest + PARKING_S3_REQUESTS * prices.s3Request;

/** How many events come in one batch where nothing waits: what has come since the last one, at least one. */
export function usualBatch(ratePerSecond: number, { batchEvents, batchSeconds }: Capacity): number {
  return Math.min(batchEvents, Math.max(1, ratePerSecond * Math.min(batchSeconds, 1)));
}
