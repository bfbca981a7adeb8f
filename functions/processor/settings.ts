import * as z from "zod/mini";
import type { BackOffSettings, BreakerSettings, DestinationSettings } from "../../contract/settings.ts";
import { breakerSchema } from "../breaker/settings.ts";
import { destinationSchema } from "../destination/settings.ts";
import { integerText, jsonText, loadSettings } from "../runtime/settings.ts";

const name = z.string().check(z.minLength(1));
const positive = z.number().check(z.positive());

const backOff = z.object({
  baseSeconds: positive,
  factor: z.number().check(z.minimum(1)),
  capSeconds: positive,
});

/** What the processor knows of its surroundings. */
export interface ProcessorSettings {
  readonly environment: string;
  readonly logLevel: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The redrive policy's: the receive on which a transient failure is the last. */
  readonly maxReceiveCount: number;
  readonly destination: DestinationSettings;
  readonly backOff: BackOffSettings;
  /** How many events of one batch are delivered at a time. */
  readonly batchConcurrency: number;
  readonly stateTable: string;
  /** Seconds during which a duplicate is suppressed; 0: never. */
  readonly idempotencySeconds: number;
  readonly breaker: BreakerSettings;
  /** The function that acts on an open breaker. */
  readonly recoveryFunction: string;
}

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function processorSettings(environment: NodeJS.ProcessEnv = process.env): ProcessorSettings {
  return loadSettings(
    "processor",
    {
      environment: name,
      logLevel: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
      queueUrl: name,
      deadLetterQueueUrl: name,
      maxReceiveCount: integerText(1),
      destination: jsonText(destinationSchema),
      backOff: jsonText(backOff),
      batchConcurrency: integerText(1),
      stateTable: name,
      idempotencySeconds: integerText(0),
      breaker: jsonText(breakerSchema),
      recoveryFunction: name,
    },
    environment,
  ) as ProcessorSettings;
}
