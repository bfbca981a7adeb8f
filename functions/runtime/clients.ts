import { SQSClient } from "@aws-sdk/client-sqs";
import { defined } from "../../contract/defined.ts";
import type { Objects } from "./objects.ts";

/** How long a client may take. The SDK itself waits for ever by default. */
export interface ClientBounds {
  /** Milliseconds until one attempt is given up, the connection included. */
  readonly attemptMilliseconds: number;
  readonly attempts: number;
  /** Milliseconds until a connection that does not come is given up. @default the attempt's, at most 1,000 */
  readonly connectMilliseconds?: number;
}

/**
 * In tests: where the service is, and how long it may take there. Elsewhere the SDK knows where, from its own
 * environment variables, and each function says how long.
 */
export interface Endpoint extends Partial<ClientBounds> {
  readonly endpoint?: string;
}

export function clientConfig(options: ClientBounds & Endpoint) {
  const { attemptMilliseconds, attempts, endpoint, connectMilliseconds } = options;
  return {
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectMilliseconds ?? Math.min(attemptMilliseconds, 1_000),
      requestTimeout: attemptMilliseconds,
      throwOnRequestTimeout: true, // without it the SDK only warns, and goes on waiting
    },
    ...defined({ endpoint }),
  };
}

export function sqsClient(options: ClientBounds & Endpoint): SQSClient {
  return new SQSClient(clientConfig(options));
}

/**
 * The overflow bucket's client, loaded when first asked for: an ordinary event never needs S3, and its
 * client is the heaviest part of a function.
 */
export function lazyObjects(options: ClientBounds & Endpoint): () => Promise<Objects> {
  let objects: Promise<Objects> | undefined;
  return () => {
    objects ??= import("./objects.ts").then(({ openObjects }) => openObjects(clientConfig(options)));
    return objects;
  };
}
