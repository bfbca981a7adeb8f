import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type ClientBounds, type ClientPlace, lazyObjects, sqsClient } from "../runtime/clients.ts";
import { observe } from "../runtime/observability.ts";
import { openDestination } from "./destinations/open.ts";
import type { Ports } from "./ports.ts";
import { processBatch } from "./process-batch.ts";
import type { ProcessorSettings } from "./settings.ts";

/** The queue's fit into what process-batch.ts keeps free behind a delivery. */
const bounds = {
  queue: { attemptMilliseconds: 1_500, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  secrets: { attemptMilliseconds: 1_500, attempts: 2 },
} satisfies Record<string, ClientBounds>;

export type ProcessorHandler = (
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<SQSBatchResponse>;

/** Wires the processor to the outside world. `place`: in tests, where the services are. */
export function processor(
  settings: ProcessorSettings,
  place: Readonly<Record<keyof typeof bounds, ClientPlace>> = { queue: {}, bucket: {}, secrets: {} },
): ProcessorHandler {
  const fixed: Omit<Ports, "destination"> = {
    ...observe("processor", settings.environment, settings.logLevel),
    settings,
    sqs: sqsClient({ ...bounds.queue, ...place.queue }),
    objects: lazyObjects({ ...bounds.bucket, ...place.bucket }),
    now: () => new Date(),
    random: Math.random,
  };
  const opening = openDestination(settings.destination, { ...bounds.secrets, ...place.secrets });
  return async (event, context) => {
    const ports: Ports = { ...fixed, destination: await opening };
    return processBatch(event.Records, ports, () => context.getRemainingTimeInMillis());
  };
}
