import * as z from "zod/mini";
import type { BreakerSettings, DestinationSettings, RedriveSettings } from "../../contract/settings.ts";
import { breakerSchema } from "../breaker/settings.ts";
import { destinationSchema } from "../destination/settings.ts";
import { integerText, jsonText, loadSettings } from "../runtime/settings.ts";

const name = z.string().check(z.minLength(1));

const redrive = z.object({
  maxRedrives: z.int().check(z.minimum(0)),
  redrivesPerSecond: z.number().check(z.positive()),
});

/** What recovery knows of its surroundings. */
export interface RecoverySettings {
  readonly environment: string;
  readonly logLevel: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly overflowBucket: string;
  readonly stateTable: string;
  /** The UUID of the processor's event source mapping. */
  readonly eventSourceMapping: string;
  readonly destination: DestinationSettings;
  readonly breaker: BreakerSettings;
  readonly redrive: RedriveSettings;
  /** Seconds that a run may take. */
  readonly timeoutSeconds: number;
}

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function recoverySettings(environment: NodeJS.ProcessEnv = process.env): RecoverySettings {
  return loadSettings(
    "recovery",
    {
      environment: name,
      logLevel: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
      queueUrl: name,
      deadLetterQueueUrl: name,
      overflowBucket: name,
      stateTable: name,
      eventSourceMapping: name,
      destination: jsonText(destinationSchema),
      breaker: jsonText(breakerSchema),
      redrive: jsonText(redrive),
      timeoutSeconds: integerText(1),
    },
    environment,
  ) as RecoverySettings;
}
