import { randomUUID } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics as allNames } from "../../contract/metrics.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";
import {
  type ClientBounds,
  clientConfig,
  type Endpoint,
  lazyObjects,
  sqsClient,
} from "../runtime/clients.ts";
import { errorName } from "../runtime/error-name.ts";
import type { Objects } from "../runtime/objects.ts";
import { type Observability, observe } from "../runtime/observability.ts";
import { prepare } from "../runtime/prepare.ts";
import { queueWithOverflow } from "./event-store.ts";
import { harmless } from "./harmless-metrics.ts";
import { type Ports, receive } from "./receive.ts";
import { type ProxyResult, toResult } from "./response.ts";
import { NoSecretError, readSecrets } from "./secret-value.ts";
import { cachedSecrets } from "./secrets.ts";
import type { ReceiverSettings } from "./settings.ts";
import type { TimeLimits } from "./time-limits.ts";

/**
 * Two attempts each, because a connection that idled while the function was frozen may be dead. Store and
 * secret cache bound the sum: 0.8 s for a secret's refresh, 2 s for the queue and 2 s for the bucket, so
 * that the answer leaves within 6 s even if all three hang. A new environment may wait 5 s for its turn at a parameter
 * store that is throttled. Genesys waits for 10 s.
 */
export const bounds = {
  secrets: { attemptMilliseconds: 1_200, attempts: 2 },
  queue: { attemptMilliseconds: 950, attempts: 2 },
  bucket: { attemptMilliseconds: 1_900, attempts: 2 },
} satisfies Record<string, ClientBounds>;

/** An event of any shape that is told apart in invocations.ts. */
export interface ReceiverHandler {
  (event: unknown, context?: Pick<Context, "awsRequestId">): Promise<ProxyResult>;
  /** Reads at init what the first request needs. It never rejects. */
  prepare(): Promise<void>;
}

/** Everything outside of the receiver's own rules: AWS, and whom it tells. */
export interface ReceiverOutside extends Observability {
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly objects: () => Promise<Objects>;
  readonly limits?: TimeLimits;
  /** @default the operating system's */
  readonly uuid?: () => string;
}

/**
 * The receiver as it is deployed.
 *
 * @param endpoints in tests, where the services are
 * @param limits in tests, how long a request waits for them
 */
export function receiver(
  settings: ReceiverSettings,
  endpoints: Readonly<Record<keyof typeof bounds, Endpoint>> = { secrets: {}, queue: {}, bucket: {} },
  limits: TimeLimits = {},
): ReceiverHandler {
  return receiverWith(settings, {
    ...observe("receiver", settings.environment, settings.logLevel),
    sqs: sqsClient({ ...bounds.queue, ...endpoints.queue }),
    ssm: new SSMClient(clientConfig({ ...bounds.secrets, ...endpoints.secrets })),
    objects: lazyObjects({ ...bounds.bucket, ...endpoints.bucket }),
    limits,
  });
}

const names = allNames.receiver;

/** Wires the receiver to whatever is outside: AWS, or a model of it. */
export function receiverWith(
  settings: ReceiverSettings,
  { logger, metrics, sqs, ssm, objects, limits, uuid = randomUUID }: ReceiverOutside,
): ReceiverHandler {
  const now = () => Date.now();
  const ports: Ports = {
    sources: settings.sources,
    corsOrigins: settings.corsOrigins,
    secrets: cachedSecrets(readSecrets(ssm, limits), settings.secretRefreshSeconds, {
      now,
      random: () => Math.random(),
      onNoSecret: (parameter, error, inUse) => {
        const isMissing = error instanceof NoSecretError;
        const reason = isMissing ? error.why : errorName(error);
        const message = isMissing ? logMessages.secretMissing : logMessages.secretNotRead;
        logger.error(message, { parameter, reason, in_use: inUse });
        const metric = isMissing ? names.secretMissing : names.secretUnreadable;
        harmless(metrics).addMetric(metric, "Count", 1);
      },
    }),
    store: queueWithOverflow(settings, sqs, objects, now, limits),
    logger,
    metrics,
    now,
    uuid: () => uuid(),
  };
  const handler = async (event: unknown, context?: Pick<Context, "awsRequestId">) => {
    return toResult(await receive(event, ports, context?.awsRequestId), event);
  };
  return Object.assign(handler, {
    prepare() {
      const parameters = [...new Set(settings.sources.flatMap(secretParametersOf))].slice(0, MOST_PREPARED);
      return prepare(...parameters.map((parameter) => () => ports.secrets.prepare(parameter)));
    },
  });
}

/** Secrets that a new environment reads at once; SSM takes 40 reads a second from a whole account. */
const MOST_PREPARED = 3;

function secretParametersOf({ authentication }: SourceSettings): string[] {
  return Object.values(authentication).flatMap((how) => (how.kind === "none" ? [] : [how.secretParameter]));
}
