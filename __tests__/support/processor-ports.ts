import { BreakerGuard } from "../../functions/breaker/guard.ts";
import { BreakerStore } from "../../functions/breaker/store.ts";
import { BatchStore } from "../../functions/processor/batch-store.ts";
import { DeliveryLock } from "../../functions/processor/delivery-lock.ts";
import type { Destination } from "../../functions/processor/destinations/destination.ts";
import { MemoryStore } from "../../functions/processor/memory-store.ts";
import { DeliverOnce } from "../../functions/processor/once.ts";
import type { Ports } from "../../functions/processor/ports.ts";
import { lazyObjects, sqsClient } from "../../functions/runtime/clients.ts";
import { observe } from "../../functions/runtime/observability.ts";
import { Pace } from "../../functions/runtime/pace.ts";
import { leisurely } from "./leisurely.ts";
import type { ProcessorBench } from "./processor.ts";

const bounds = { ...leisurely, attempts: 1 };

/** What the processor works with, all of it real but the destination. */
export function processorPorts(
  bench: ProcessorBench,
  deliver: Destination["deliver"],
  changes: Partial<Ports["settings"]> = {},
): Ports {
  const { logger, metrics } = observe("processor", "test", "INFO");
  const { client, table } = bench.state;
  const settings = { ...bench.settings, ...changes };
  const store = new BreakerStore(client, table, { baseSeconds: 60, capSeconds: 900 });
  return {
    logger,
    metrics,
    breaker: new BreakerGuard(store, settings.breaker.failingEvents, async () => {}, logger),
    once: new DeliverOnce(
      new DeliveryLock(new MemoryStore(client, table, "test"), new BatchStore(client, table)),
      settings.idempotencySeconds,
      logger,
    ),
    settings,
    sqs: sqsClient({ ...bounds, endpoint: bench.cloud.endpoint }),
    objects: lazyObjects({ ...bounds, endpoint: bench.cloud.endpoint }),
    destination: { timeoutMilliseconds: 5_000, deliver },
    pace: new Pace(1_000 / settings.pauseMilliseconds),
    now: () => new Date(),
    random: Math.random,
  };
}
