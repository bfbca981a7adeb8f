import type { SQSClient } from "@aws-sdk/client-sqs";
import type { BreakerGuard } from "../breaker/guard.ts";
import type { Objects } from "../runtime/objects.ts";
import type { Observability } from "../runtime/observability.ts";
import type { Pace } from "../runtime/pace.ts";
import type { Destination } from "./destinations/destination.ts";
import type { DeliverOnce } from "./once.ts";
import type { ProcessorSettings } from "./settings.ts";

/** What the processor works with. */
export interface Ports extends Observability {
  readonly settings: ProcessorSettings;
  readonly sqs: SQSClient;
  /** The overflow bucket, loaded when the first claim check asks for it. */
  readonly objects: () => Promise<Objects>;
  readonly destination: Destination;
  readonly breaker: BreakerGuard;
  readonly once: DeliverOnce;
  /** Of this execution environment's deliveries. */
  readonly pace: Pace;
  readonly now: () => Date;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}
