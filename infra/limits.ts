/** What a number must be, and who says so. */
export interface Limit {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly source: string;
  /** Whether the value need not be whole. */
  readonly fractional?: true;
}

const lambdaMemory: Limit = { minimum: 128, maximum: 10_240, unit: "MB", source: "Lambda" };
const retention: Limit = { minimum: 60, maximum: 1_209_600, unit: "s", source: "SQS" };

/** Every limit on a single number, by its path in the settings. Rules between fields: rules.ts. */
export const limits: Readonly<Record<string, Limit>> = {
  "queue.retentionSeconds": retention,
  "queue.delaySeconds": { minimum: 0, maximum: 900, unit: "s", source: "SQS" },
  "queue.visibilityTimeoutSeconds": { minimum: 0, maximum: 43_200, unit: "s", source: "SQS" },
  "queue.maxReceiveCount": { minimum: 1, maximum: 1_000, unit: "receives", source: "SQS" },
  "queue.maxMessageBytes": {
    minimum: 8_192, // SQS's 1,024 leaves a claim check and a dead letter's reason no room
    maximum: 262_144, // SQS takes 1,048,576; AWS provider below 6.8 does not
    unit: "bytes",
    source: "this pipeline and AWS provider 5.100",
  },
  "deadLetterQueue.retentionSeconds": retention,
  "overflow.expirationDays": { minimum: 1, maximum: 3_650, unit: "days", source: "this pipeline" },

  "receiver.timeoutSeconds": {
    minimum: 7, // it answers within 6 when neither queue nor bucket do
    maximum: 29, // the HTTP API gives up at 30
    unit: "s",
    source: "this pipeline and API Gateway",
  },
  "receiver.memoryMegabytes": lambdaMemory,
  "receiver.reservedConcurrency": {
    minimum: 1, // with 0 it would take no event in at all
    maximum: 10_000,
    unit: "invocations",
    source: "this pipeline; Lambda leaves 100 of the account's to the other functions",
  },
  "processor.timeoutSeconds": { minimum: 1, maximum: 900, unit: "s", source: "Lambda" },
  "processor.memoryMegabytes": lambdaMemory,
  "processor.batchSize": { minimum: 1, maximum: 10_000, unit: "events", source: "Lambda" },
  "processor.batchWindowSeconds": { minimum: 0, maximum: 300, unit: "s", source: "Lambda" },
  "processor.maximumConcurrency": { minimum: 2, maximum: 1_000, unit: "invocations", source: "Lambda" },
  "processor.batchConcurrency": { minimum: 1, maximum: 1_000, unit: "deliveries", source: "this pipeline" },

  "destination.timeoutSeconds": { minimum: 1, maximum: 895, unit: "s", source: "this pipeline" },
  "destination.maxResponseBytes": {
    minimum: 0,
    maximum: 6_291_456,
    unit: "bytes",
    source: "this pipeline",
  },
  "backOff.baseSeconds": { minimum: 1, maximum: 43_200, unit: "s", source: "SQS's visibility timeout" },
  "backOff.factor": { minimum: 1, maximum: 10, unit: "times", source: "this pipeline", fractional: true },
  "backOff.capSeconds": { minimum: 1, maximum: 43_200, unit: "s", source: "SQS's visibility timeout" },

  "idempotency.windowSeconds": { minimum: 0, maximum: 31_536_000, unit: "s", source: "this pipeline" },
  "breaker.failingEvents": { minimum: 2, maximum: 1_000, unit: "events", source: "this pipeline" },
  "breaker.probeBaseSeconds": { minimum: 1, maximum: 3_600, unit: "s", source: "this pipeline" },
  "breaker.probeCapSeconds": { minimum: 1, maximum: 86_400, unit: "s", source: "this pipeline" },
  "breaker.settleSeconds": { minimum: 1, maximum: 86_400, unit: "s", source: "this pipeline" },
  "recovery.timeoutSeconds": { minimum: 20, maximum: 900, unit: "s", source: "this pipeline and Lambda" },
  "recovery.memoryMegabytes": lambdaMemory,
  "recovery.maxRedrives": { minimum: 0, maximum: 100, unit: "redrives", source: "this pipeline" },
  "recovery.redrivesPerSecond": {
    minimum: 1,
    maximum: 500,
    unit: "dead letters a second",
    source: "this pipeline",
  },

  secretRefreshSeconds: { minimum: 1, maximum: 3_600, unit: "s", source: "this pipeline" },
  "throttling.ratePerSecond": {
    minimum: 1,
    maximum: 10_000,
    unit: "requests a second",
    source: "API Gateway's account default",
  },
  "throttling.burst": {
    minimum: 1,
    maximum: 5_000,
    unit: "requests",
    source: "API Gateway's account default",
  },
  "alarms.oldestEventSeconds": { minimum: 1, maximum: 345_600, unit: "s", source: "this pipeline" },
  "alarms.deadLetters": { minimum: 1, maximum: 1_000_000, unit: "dead letters", source: "this pipeline" },
};

/** Days that CloudWatch Logs keeps logs; it takes no others. */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Characters that a name may have. */
export const nameLengths = {
  function: 64, // Lambda's function and IAM's role alike
  queue: 80,
  bucketPrefix: 37, // 63 less the 26 that Terraform appends
  api: 128,
  rule: 64,
  table: 255,
  parameter: 1_011, // SSM, the ARN's head included
} as const;

export const LAMBDA_ENVIRONMENT_BYTES = 4_096; // all names and values of one function together
export const TAGS_PER_RESOURCE = 50;
