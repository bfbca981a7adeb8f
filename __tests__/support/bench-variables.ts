/** What functions are told of their surroundings, in most tests and benchmarks: settings as by default, or a test's own. */

/** Where a function's queues and its bucket are. */
interface Stores {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly bucket: string;
}

const common = ({ queueUrl, deadLetterQueueUrl, bucket }: Stores) => ({
  ENVIRONMENT: "test",
  LOG_LEVEL: "INFO",
  QUEUE_URL: queueUrl,
  DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
  OVERFLOW_BUCKET: bucket,
});

/** The source `webhook`, whose secret lies under that name. */
export const signedWebhook = (secretParameter: string) => ({
  source: "webhook",
  retrySpanSeconds: 120,
  authentication: { "": { kind: "signature", encoding: "base64", secretParameter } },
});

export function receiverVariables(
  stores: Stores,
  sources: readonly object[],
  changes: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...common(stores),
    MAX_MESSAGE_BYTES: "258048",
    CORS_ORIGINS: JSON.stringify(["*"]),
    ON_OVERSIZE: JSON.stringify({ kind: "claim-check" }),
    SECRET_REFRESH_SECONDS: "300",
    SOURCES: JSON.stringify(sources),
    ...changes,
  };
}

/** @param of `stateTable`: its name */
export function processorVariables(
  of: Stores & { readonly stateTable: string },
  destination: object,
  changes: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...common(of),
    MAX_RECEIVE_COUNT: "5",
    MAX_MESSAGE_BYTES: "262144",
    DESTINATION: JSON.stringify(destination),
    BACK_OFF: JSON.stringify({ baseSeconds: 30, factor: 4, capSeconds: 900, retryAfterCapSeconds: 3600 }),
    BATCH_CONCURRENCY: "5",
    STATE_TABLE: of.stateTable,
    PAUSE_MILLISECONDS: "0",
    IDEMPOTENCY_SECONDS: "86400",
    BREAKER: breaker(5),
    RECOVERY_FUNCTION: "recovery",
    ...changes,
  };
}

/** @param failingEvents that make an outage */
export function breaker(failingEvents: number): string {
  return JSON.stringify({ failingEvents, probeBaseSeconds: 60, probeCapSeconds: 900, settleSeconds: 120 });
}

/** An HTTP destination as by default, and on the loopback. */
export const httpDestination = (url: string) => ({
  kind: "http" as const,
  url,
  timeoutMilliseconds: 5_000,
  maxResponseBytes: 4_096,
  allowPrivateAddresses: true,
});
