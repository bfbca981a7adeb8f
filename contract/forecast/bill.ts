import { prices } from "../prices.ts";
import type { Capacity } from "./capacity.ts";
import type { ForecastSettings } from "./settings.ts";

/** What one event and one batch use. `__tests__/docs/costs.test.ts` measures them, and holds these to it. */
const LOG_BYTES = { event: 878, batch: 191 };
/** Each event is locked, and a batch's successes are noted together. */
const WRITES = { event: 1, batch: 1 };
/** What AWS alone can tell: docs/costs.md says it beside its tables. */
const RECEIVER_SECONDS = 0.01;
const PROCESSOR_SECONDS = 0.03;
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
  const chunks = Math.ceil(bytes / SQS_CHUNK_BYTES);
  const rounds = Math.ceil(batchEvents / Math.min(settings["processor.batchConcurrency"], batchEvents));
  const writes = settings["idempotency.windowSeconds"] > 0 ? WRITES : { event: 0, batch: 0 };
  const gigabytes = (megabytes: number) => megabytes / 1_024;
  const a = {
    event:
      Math.ceil(bytes / API_CHUNK_BYTES) * prices.httpApiRequest +
      prices.invocation +
      RECEIVER_SECONDS * gigabytes(settings["receiver.memoryMegabytes"]) * prices.gigabyteSecond +
      chunks * prices.sqsRequest +
      writes.event * prices.dynamodbWrite +
      LOG_BYTES.event * prices.logByte,
    batch:
      prices.invocation +
      (PROCESSOR_SECONDS + rounds * latencySeconds) *
        gigabytes(settings["processor.memoryMegabytes"]) *
        prices.gigabyteSecond +
      writes.batch * prices.dynamodbWrite +
      // Lambda's poller receives, and deletes.
      (Math.ceil((bytes * batchEvents) / SQS_CHUNK_BYTES) + 1) * prices.sqsRequest +
      LOG_BYTES.batch * prices.logByte,
  };
  return a.event + a.batch / batchEvents;
}

/** Of moving one event to the bucket and back. */
export const DOLLARS_A_PARKED_EVENT =
  PARKING_SQS_REQUESTS * prices.sqsRequest + PARKING_S3_REQUESTS * prices.s3Request;

/** How many events come in one batch where nothing waits: what has come since the last one, at least one. */
export function usualBatch(ratePerSecond: number, { batchEvents, batchSeconds }: Capacity): number {
  return Math.min(batchEvents, Math.max(1, ratePerSecond * Math.min(batchSeconds, 1)));
}
