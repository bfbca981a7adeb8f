import * as z from "zod/mini";
import type { BackOffSettings, DestinationSettings } from "../../contract/settings.ts";
import { integerText, jsonText, loadSettings } from "../runtime/settings.ts";

const name = z.string().check(z.minLength(1));
const positive = z.number().check(z.positive());
const whole = z.int().check(z.positive());

const credentials = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("bearer"), secretParameter: name }),
  z.object({ kind: z.literal("api-key"), header: name, secretParameter: name }),
  z.object({ kind: z.literal("basic"), secretParameter: name }),
]);

const destination = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("http"),
    url: z.url({ protocol: /^https?$/ }),
    timeoutMilliseconds: whole,
    maxResponseBytes: whole,
    allowPrivateAddresses: z.boolean(),
    credentials: z.optional(credentials),
  }),
  z.object({ kind: z.literal("handlers"), timeoutMilliseconds: z.optional(whole) }),
]);

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
      destination: jsonText(destination),
      backOff: jsonText(backOff),
      batchConcurrency: integerText(1),
    },
    environment,
  ) as ProcessorSettings;
}
