import type { Metrics } from "@aws-lambda-powertools/metrics";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import {
  type ClientBounds,
  clientConfig,
  type Endpoint,
  lazyObjects,
  sqsClient,
} from "../runtime/clients.ts";
import { errorName } from "../runtime/error-name.ts";
import { observe } from "../runtime/observability.ts";
import { queueWithOverflow } from "./event-store.ts";
import { type Ports, receive } from "./receive.ts";
import { toRequest, toResult } from "./request.ts";
import { cachedSecrets, readParameter } from "./secrets.ts";
import type { ReceiverSettings } from "./settings.ts";
import { type TimeLimits, timeLimits } from "./time-limits.ts";

/**
 * Two attempts each, because a connection that idled while the function was frozen may be dead. time-limits.ts
 * bounds the sum.
 */
const bounds = {
  secrets: { attemptMilliseconds: 1_200, attempts: 2 },
  queue: { attemptMilliseconds: 950, attempts: 2 },
  bucket: { attemptMilliseconds: 1_900, attempts: 2 },
} satisfies Record<string, ClientBounds>;

export type ReceiverHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Wires the receiver to the outside world.
 *
 * @param endpoints in tests, where the services are
 * @param limits in tests, how long a request waits for them
 */
export function receiver(
  settings: ReceiverSettings,
  endpoints: Readonly<Record<keyof typeof bounds, Endpoint>> = { secrets: {}, queue: {}, bucket: {} },
  limits: TimeLimits = timeLimits,
): ReceiverHandler {
  const { logger, metrics } = observe("receiver", settings.environment, settings.logLevel);
  const sqs = sqsClient({ ...bounds.queue, ...endpoints.queue });
  const ssm = new SSMClient(clientConfig({ ...bounds.secrets, ...endpoints.secrets }));
  const objects = lazyObjects({ ...bounds.bucket, ...endpoints.bucket });
  const ports: Ports = {
    sources: settings.sources,
    secrets: cachedSecrets(readParameter(ssm), settings.secretRefreshSeconds, {
      now: Date.now,
      onReadFailed: (parameter, error) =>
        logger.error(logMessages.secretNotRead, { parameter, error: errorName(error) }),
      limits,
    }),
    store: queueWithOverflow(settings, sqs, objects, limits),
    logger,
    metrics,
    now: Date.now,
  };
  return async (event) => {
    const answer = await receive(toRequest(event), ports);
    publish(metrics);
    return toResult(answer);
  };
}

/** A metric that cannot be written must not turn an accepted event into an error. */
function publish(metrics: Metrics): void {
  try {
    metrics.publishStoredMetrics();
  } catch {
    metrics.clearMetrics();
  }
}
