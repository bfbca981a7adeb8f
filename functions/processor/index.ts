import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { lazyObjects, sqsClient } from "../runtime/clients.ts";
import { observe } from "../runtime/observability.ts";
import { openDestination } from "./destinations/open.ts";
import type { Ports } from "./ports.ts";
import { processBatch } from "./process-batch.ts";
import { settings } from "./settings.ts";

const SQS_BOUNDS = { attemptMilliseconds: 1_500, attempts: 2 };
const S3_BOUNDS = { attemptMilliseconds: 5_000, attempts: 2 };

const ports: Ports = {
  ...observe("processor", settings.environment, settings.logLevel),
  settings,
  sqs: sqsClient(SQS_BOUNDS),
  objects: lazyObjects(S3_BOUNDS),
  destination: await openDestination(settings.destination),
  now: () => new Date(),
  random: Math.random,
};

/** The processor: events from the queue to the destination, in partial batches. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  ports.logger.addContext(context);
  return await processBatch(event.Records, ports, () => context.getRemainingTimeInMillis());
}
