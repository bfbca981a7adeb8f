import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, toAttributes } from "../../contract/event/dead-letter.ts";
import { spillKey, writeSpill } from "../../contract/event/spill.ts";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { BreakerStore } from "../../functions/breaker/store.ts";
import { recovery } from "../../functions/recovery/handler.ts";
import { type RecoverySettings, recoverySettings } from "../../functions/recovery/settings.ts";
import { openObjects } from "../../functions/runtime/objects.ts";
import { startDestination, type TestDestination } from "./destination.ts";
import { type StateTable, startStateTable } from "./dynamodb.ts";
import { type Cloud, startCloud } from "./fauxqs.ts";
import { type LambdaApi, startLambdaApi } from "./lambda-api.ts";
import { type ParameterStore, startParameterStore } from "./parameter-store.ts";

export interface RunOptions {
  readonly settings?: Partial<RecoverySettings>;
  /** @default the schedule's */
  readonly event?: unknown;
  /** Milliseconds that Lambda says are left, each time it is asked. @default 60_000 */
  readonly remaining?: () => number;
  readonly requestId?: string;
}

/** Recovery with real wires around it. */
export interface RecoveryBench {
  readonly cloud: Cloud;
  readonly state: StateTable;
  readonly lambda: LambdaApi;
  readonly destination: TestDestination;
  readonly parameters: ParameterStore;
  /** An open breaker that this one opens may be probed at once. */
  readonly breaker: BreakerStore;
  readonly http: Extract<DestinationSettings, { kind: "http" }>;
  /** One run, in an execution environment of its own. */
  run(options?: RunOptions): Promise<void>;
  /** A dead letter, of class `exhausted` unless it is said otherwise. */
  deadLetter(body: string, reason?: Partial<DeadLetterReason>): Promise<void>;
  spilled(body: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startRecoveryBench(): Promise<RecoveryBench> {
  const [cloud, state, lambda, destination, parameters] = await Promise.all([
    startCloud(),
    startStateTable(),
    startLambdaApi(),
    startDestination(),
    startParameterStore(),
  ]);
  const objects = openObjects({ endpoint: cloud.endpoint, forcePathStyle: true });
  const http: RecoveryBench["http"] = {
    kind: "http",
    url: destination.url,
    timeoutMilliseconds: 2_000,
    maxResponseBytes: 1_024,
    allowPrivateAddresses: true,
  };
  const settings = recoverySettings({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    QUEUE_URL: cloud.queueUrl,
    DEAD_LETTER_QUEUE_URL: cloud.deadLetterQueueUrl,
    OVERFLOW_BUCKET: cloud.bucket,
    STATE_TABLE: state.table,
    MAX_MESSAGE_BYTES: "262144",
    EVENT_SOURCE_MAPPING: "mapping-uuid",
    DESTINATION: JSON.stringify(http),
    BREAKER: JSON.stringify({
      failingEvents: 5,
      probeBaseSeconds: 60,
      probeCapSeconds: 60,
      settleSeconds: 3_600,
    }),
    REDRIVE: JSON.stringify({ maxRedrives: 3, redrivesPerSecond: 500 }),
    RECOVERY_FUNCTION: "recovery",
    QUEUE_RETENTION_SECONDS: "345600",
    DEAD_LETTER_RETENTION_SECONDS: "1209600",
    TIMEOUT_SECONDS: "60",
  });
  return {
    cloud,
    state,
    lambda,
    destination,
    parameters,
    breaker: new BreakerStore(state.client, state.table, { baseSeconds: 0, capSeconds: 0 }),
    http,
    async run({ settings: changes = {}, event = {}, remaining = () => 60_000, requestId } = {}) {
      const handler = recovery(
        { ...settings, ...changes },
        {
          queue: { endpoint: cloud.endpoint },
          bucket: { endpoint: cloud.endpoint },
          state: { endpoint: state.endpoint },
          lambda: { endpoint: lambda.endpoint },
          secrets: { endpoint: parameters.endpoint },
        },
      );
      await handler(event, {
        awsRequestId: requestId ?? crypto.randomUUID(),
        getRemainingTimeInMillis: remaining,
      });
    },
    async deadLetter(body, reason = {}) {
      await cloud.sqs.send(
        new SendMessageCommand({
          QueueUrl: cloud.deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: toAttributes({
            class: "exhausted",
            message: "The destination answered 503.",
            attempts: 5,
            firstAttemptAt: "2026-11-24T12:00:00.000Z",
            lastAttemptAt: "2026-11-24T12:30:00.000Z",
            source: "webhook",
            eventId: body,
            redrives: 0,
            ...reason,
          }),
        }),
      );
    },
    async spilled(body) {
      await objects.put({
        bucket: cloud.bucket,
        key: spillKey("main", body, "0".repeat(64), new Date("2026-11-24T12:00:00Z")),
        bytes: Buffer.from(writeSpill({ queue: "main", body })),
        contentType: "application/json",
      });
    },
    async stop() {
      objects.client.destroy();
      await Promise.all([cloud.stop(), state.stop(), lambda.stop(), destination.stop(), parameters.stop()]);
    },
  };
}
