import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { callRecovery } from "../breaker/call-recovery.ts";
import { BreakerGuard } from "../breaker/guard.ts";
import { BreakerStore } from "../breaker/store.ts";
import { type ClientBounds, type Endpoint, lazyObjects, sqsClient } from "../runtime/clients.ts";
import { observe } from "../runtime/observability.ts";
import { stateClient } from "../runtime/state-client.ts";
import { openDestination } from "./destinations/open.ts";
import { DeliverOnce } from "./once.ts";
import type { Ports } from "./ports.ts";
import { processBatch } from "./process-batch.ts";
import type { ProcessorSettings } from "./settings.ts";

/** The queue's fit into what process-batch.ts keeps free behind a delivery. */
const bounds = {
  queue: { attemptMilliseconds: 1_500, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  secrets: { attemptMilliseconds: 1_500, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 2 },
  recovery: { attemptMilliseconds: 1_500, attempts: 2 },
} satisfies Record<string, ClientBounds>;

export type ProcessorHandler = (
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<SQSBatchResponse>;

/** Wires the processor to the outside world. `endpoints`: in tests, where the services are. */
export function processor(
  settings: ProcessorSettings,
  endpoints: Readonly<Partial<Record<keyof typeof bounds, Endpoint>>> = {},
): ProcessorHandler {
  const { logger, metrics } = observe("processor", settings.environment, settings.logLevel);
  const { stateTable, idempotencySeconds, breaker } = settings;
  const state = stateClient({ ...bounds.state, ...endpoints.state });
  const pauses = { baseSeconds: breaker.probeBaseSeconds, capSeconds: breaker.probeCapSeconds };
  const fixed: Omit<Ports, "destination"> = {
    logger,
    metrics,
    settings,
    sqs: sqsClient({ ...bounds.queue, ...endpoints.queue }),
    objects: lazyObjects({ ...bounds.bucket, ...endpoints.bucket }),
    breaker: new BreakerGuard(
      new BreakerStore(state, stateTable, pauses),
      breaker.failingEvents,
      callRecovery(settings.recoveryFunction, { ...bounds.recovery, ...endpoints.recovery }),
      logger,
    ),
    once:
      idempotencySeconds === 0 ? undefined : new DeliverOnce(state, stateTable, idempotencySeconds, logger),
    now: () => new Date(),
    random: Math.random,
  };
  const opening = openDestination(settings.destination, { ...bounds.secrets, ...endpoints.secrets });
  return async (event, context) => {
    const ports: Ports = { ...fixed, destination: await opening };
    ports.once?.startInvocation(context);
    return processBatch(event.Records, ports, () => context.getRemainingTimeInMillis());
  };
}
