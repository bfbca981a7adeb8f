/** What a function is told of its surroundings. @param endpoint where AWS and the destination answer */
export function variablesOf(of: "receiver" | "processor", endpoint: string): Record<string, string> {
  const queueUrl = (name: string) => `${endpoint}/000000000000/${name}`;
  return {
    PATH: process.env["PATH"] ?? "",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ENDPOINT_URL: endpoint,
    ENVIRONMENT: "measured",
    LOG_LEVEL: "INFO",
    QUEUE_URL: queueUrl("events"),
    DEAD_LETTER_QUEUE_URL: queueUrl("dead-letters"),
    OVERFLOW_BUCKET: "bucket",
    MAX_MESSAGE_BYTES: "258048",
    ...(of === "receiver" ? receiverVariables : processorVariables(`${endpoint}/crm`)),
  };
}

const receiverVariables = {
  CORS_ORIGINS: JSON.stringify(["*"]),
  ON_OVERSIZE: JSON.stringify({ kind: "claim-check" }),
  SECRET_REFRESH_SECONDS: "300",
  SOURCES: JSON.stringify([
    {
      source: "webhook",
      retrySpanSeconds: 120,
      authentication: { "": { kind: "signature", encoding: "base64", secretParameter: "/secret" } },
    },
  ]),
};

const processorVariables = (url: string) => ({
  MAX_RECEIVE_COUNT: "5",
  DESTINATION: JSON.stringify({
    kind: "http",
    url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 4_096,
    allowPrivateAddresses: true,
  }),
  BACK_OFF: JSON.stringify({ baseSeconds: 30, factor: 4, capSeconds: 900, retryAfterCapSeconds: 3600 }),
  BATCH_CONCURRENCY: "5",
  STATE_TABLE: "state",
  PAUSE_MILLISECONDS: "0",
  IDEMPOTENCY_SECONDS: "86400",
  BREAKER: JSON.stringify({
    failingEvents: 5,
    probeBaseSeconds: 60,
    probeCapSeconds: 900,
    settleSeconds: 120,
  }),
  RECOVERY_FUNCTION: "recovery",
});
