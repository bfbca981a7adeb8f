import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { isProbe } from "../../contract/probe.ts";
import { callRecovery } from "../breaker/call-recovery.ts";
import { BreakerGuard } from "../breaker/guard.ts";
import { BreakerStore } from "../breaker/store.ts";
import { type ClientBounds, type Endpoint, lazyObjects, sqsClient } from "../runtime/clients.ts";
import type { Objects } from "../runtime/objects.ts";
import { type Observability, observe } from "../runtime/observability.ts";
import { Pace } from "../runtime/pace.ts";
import { prepare } from "../runtime/prepare.ts";
import { stateClient } from "../runtime/state-client.ts";
import { BatchStore } from "./batch-store.ts";
import { DeliveryLock } from "./delivery-lock.ts";
import { type DestinationOutside, networkOutside, openDestination } from "./destinations/open.ts";
import { MemoryStore } from "./memory-store.ts";
import { DeliverOnce } from "./once.ts";
import type { Ports } from "./ports.ts";
import { answerProbe } from "./probe.ts";
import { processBatch } from "./process-batch.ts";
import type { ProcessorSettings } from "./settings.ts";

/** The queue's fit into what process-batch.ts keeps free behind a delivery. */
export const bounds = {
  queue: { attemptMilliseconds: 1_500, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  secrets: { attemptMilliseconds: 1_500, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 2 },
  recovery: { attemptMilliseconds: 1_500, attempts: 2 },
} satisfies Record<string, ClientBounds>;

export interface ProcessorHandler {
  (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse>;
  /** Reads at init what the first batch needs. It never rejects. */
  prepare(): Promise<void>;
}

/** Everything outside of the processor's own rules: AWS, the destination, and whom it tells. */
export interface ProcessorOutside extends Observability, DestinationOutside {
  readonly sqs: SQSClient;
  readonly objects: () => Promise<Objects>;
  readonly state: DynamoDBClient;
  readonly callRecovery: () => Promise<void>;
  /** A text that no other call has, here or elsewhere: by it receipts are told apart. @default the operating system's */
  readonly uuid?: () => string;
}

/** The processor as it is deployed. `endpoints`: in tests, where the services are. */
export function processor(
  settings: ProcessorSettings,
  endpoints: Readonly<Partial<Record<keyof typeof bounds, Endpoint>>> = {},
): ProcessorHandler {
  return processorWith(settings, {
    ...observe("processor", settings.environment, settings.logLevel),
    ...networkOutside({ ...bounds.secrets, ...endpoints.secrets }),
    sqs: sqsClient({ ...bounds.queue, ...endpoints.queue }),
    objects: lazyObjects({ ...bounds.bucket, ...endpoints.bucket }),
    state: stateClient({ ...bounds.state, ...endpoints.state }),
    callRecovery: callRecovery(settings.recoveryFunction, { ...bounds.recovery, ...endpoints.recovery }),
  });
}

/** Wires the processor to whatever is outside: AWS, or a model of it. */
export function processorWith(settings: ProcessorSettings, outside: ProcessorOutside): ProcessorHandler {
  const { logger, metrics, sqs, objects, state, uuid = randomUUID } = outside;
  const { stateTable, idempotencySeconds, breaker } = settings;
  const pauses = { baseSeconds: breaker.probeBaseSeconds, capSeconds: breaker.probeCapSeconds };
  const fixed: Omit<Ports, "destination"> = {
    logger,
    metrics,
    settings,
    sqs,
    objects,
    breaker: new BreakerGuard(
      new BreakerStore(state, stateTable, pauses),
      breaker.failingEvents,
      outside.callRecovery,
      logger,
    ),
    once: new DeliverOnce(
      new DeliveryLock(new MemoryStore(state, stateTable, uuid()), new BatchStore(state, stateTable)),
      idempotencySeconds,
      logger,
    ),
    pace: new Pace(1_000 / settings.pauseMilliseconds),
    now: () => new Date(),
    random: () => Math.random(),
  };
  const opening = openDestination(settings.destination, outside);
  const handler: (...args: Parameters<ProcessorHandler>) => Promise<SQSBatchResponse> = async (
    event,
    context,
  ) => {
    const ports: Ports = { ...fixed, destination: await opening };
    const remaining = () => context.getRemainingTimeInMillis();
    return isProbe(event)
      ? answerProbe(event, ports, remaining)
      : processBatch(event.Records, ports, remaining);
  };
  return Object.assign(handler, {
    prepare: () =>
      prepare(
        () => fixed.breaker.prepare(),
        async () => (await opening).prepare?.(),
      ),
  });
}
