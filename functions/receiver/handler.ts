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
import type { TimeLimits } from "./time-limits.ts";

/**
 * Two attempts each, because a connection that idled while the function was frozen may be dead. Store and
 * secret cache bound the sum: 0.8 s for a secret's refresh, 2 s for the queue and 2 s for the bucket, so
 * that the answer leaves within 6 s even if all three hang. Genesys waits for 10 s.
 */
const bounds = {
  secrets: { attemptMilliseconds: 1_200, attempts: 2 },
  queue: { attemptMilliseconds: 950, attempts: 2 },
  bucket: { attemptMilliseconds: 1_900, attempts: 2 },
} satisfies Record<string, ClientBounds>;

export type ReceiverHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Wires the receiver to the outside world. `endpoints` and `limits`: in tests, where the services are, and for how long they are waited for. */
export function receiver(
  settings: ReceiverSettings,
  endpoints: Readonly<Record<keyof typeof bounds, Endpoint>> = { secrets: {}, queue: {}, bucket: {} },
  limits: TimeLimits = {},
): ReceiverHandler {
  const { logger, metrics } = observe("receiver", settings.environment, settings.logLevel);
  const sqs = sqsClient({ ...bounds.queue, ...endpoints.queue });
  const ssm = new SSMClient(clientConfig({ ...bounds.secrets, ...endpoints.secrets }));
  const objects = lazyObjects({ ...bounds.bucket, ...endpoints.bucket });
  const ports: Ports = {
    sources: settings.sources,
    secrets: cachedSecrets(readParameter(ssm, limits), settings.secretRefreshSeconds, {
      now: Date.now,
      onReadFailed: (parameter, error) =>
        logger.error(logMessages.secretNotRead, { parameter, error: errorName(error) }),
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
