import * as z from "zod/mini";
import type { OversizeSettings, SourceSettings } from "../../contract/settings.ts";
import { httpSources } from "../../contract/sources/index.ts";
import { integerText, jsonText, loadSettings } from "../runtime/settings.ts";

const secretParameter = z.string().check(z.minLength(1));
const authentication = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("signature"), encoding: z.enum(["base64", "hex"]), secretParameter }),
  z.object({ kind: z.literal("shared-secret"), secretParameter }),
  z.object({ kind: z.literal("none") }),
]);

const httpSource = z.enum(httpSources);
const source = z.pipe(
  z.object({
    source: httpSource,
    authentication: z.record(z.string(), authentication),
    dedupePath: z.optional(z.string().check(z.minLength(1))),
  }),
  z.transform(({ dedupePath, ...rest }): SourceSettings => (dedupePath ? { ...rest, dedupePath } : rest)),
);

const oversize = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("claim-check") }),
  z.object({ kind: z.literal("drop-fields"), paths: z.array(z.string()) }),
]);

/** What the receiver knows of its surroundings. */
export interface ReceiverSettings {
  readonly environment: string;
  readonly logLevel: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly overflowBucket: string;
  /** Bytes that a message may have, counted as SQS counts them, attributes included. */
  readonly maxMessageBytes: number;
  readonly sources: readonly SourceSettings[];
  readonly onOversize: OversizeSettings;
  readonly secretRefreshSeconds: number;
}

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function receiverSettings(environment: NodeJS.ProcessEnv = process.env): ReceiverSettings {
  const text = z.string().check(z.minLength(1));
  return loadSettings(
    "receiver",
    {
      environment: text,
      logLevel: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
      queueUrl: text,
      deadLetterQueueUrl: text,
      overflowBucket: text,
      maxMessageBytes: integerText(1_024),
      sources: jsonText(z.array(source)),
      onOversize: jsonText(oversize),
      secretRefreshSeconds: integerText(1),
    },
    environment,
  );
}
