/**
 * The environment variables of every function, declared once.
 *
 * The left side is what the code calls a value, the right side is the name under which `infra/` sets it and
 * the function reads it. Both go through this table, so a typo on either side does not compile.
 */
export const functionEnvironment = {
  receiver: {
    environment: "ENVIRONMENT",
    logLevel: "LOG_LEVEL",
    queueUrl: "QUEUE_URL",
    deadLetterQueueUrl: "DEAD_LETTER_QUEUE_URL",
    overflowBucket: "OVERFLOW_BUCKET",
    maxMessageBytes: "MAX_MESSAGE_BYTES",
    /** JSON: {@link import("./settings.ts").SourceSettings}[] */
    sources: "SOURCES",
    /** JSON: {@link import("./settings.ts").OversizeSettings} */
    onOversize: "ON_OVERSIZE",
    /** Seconds between two reads of a secret from the parameter store. */
    secretRefreshSeconds: "SECRET_REFRESH_SECONDS",
  },
  processor: {
    environment: "ENVIRONMENT",
    logLevel: "LOG_LEVEL",
    queueUrl: "QUEUE_URL",
    deadLetterQueueUrl: "DEAD_LETTER_QUEUE_URL",
    maxReceiveCount: "MAX_RECEIVE_COUNT",
    /** JSON: {@link import("./settings.ts").DestinationSettings} */
    destination: "DESTINATION",
    /** JSON: {@link import("./settings.ts").BackOffSettings} */
    backOff: "BACK_OFF",
    batchConcurrency: "BATCH_CONCURRENCY",
    stateTable: "STATE_TABLE",
    /** Seconds during which a duplicate is suppressed; 0: never. */
    idempotencySeconds: "IDEMPOTENCY_SECONDS",
    /** JSON: {@link import("./settings.ts").BreakerSettings} */
    breaker: "BREAKER",
    recoveryFunction: "RECOVERY_FUNCTION",
  },
  recovery: {
    environment: "ENVIRONMENT",
    logLevel: "LOG_LEVEL",
    queueUrl: "QUEUE_URL",
    deadLetterQueueUrl: "DEAD_LETTER_QUEUE_URL",
    overflowBucket: "OVERFLOW_BUCKET",
    stateTable: "STATE_TABLE",
    /** The UUID of the processor's event source mapping. */
    eventSourceMapping: "EVENT_SOURCE_MAPPING",
    /** JSON: {@link import("./settings.ts").DestinationSettings} */
    destination: "DESTINATION",
    /** JSON: {@link import("./settings.ts").BreakerSettings} */
    breaker: "BREAKER",
    /** JSON: {@link import("./settings.ts").RedriveSettings} */
    redrive: "REDRIVE",
    /** Seconds that a run may take: its lease lasts as long. */
    timeoutSeconds: "TIMEOUT_SECONDS",
  },
} as const satisfies Record<string, Record<string, string>>;

export type FunctionName = keyof typeof functionEnvironment;

/** One string for each variable that function `F` reads. */
export type EnvironmentOf<F extends FunctionName> = Readonly<
  Record<keyof (typeof functionEnvironment)[F], string>
>;

/** `{ queueUrl: "…" }` → `{ QUEUE_URL: "…" }`, for the side that sets the variables. */
export function toVariables<F extends FunctionName>(
  name: F,
  values: EnvironmentOf<F>,
): Record<string, string> {
  const names: Record<string, string> = functionEnvironment[name];
  const given: Record<string, string> = values;
  return Object.fromEntries(Object.entries(names).map(([key, variable]) => [variable, given[key] ?? ""]));
}
