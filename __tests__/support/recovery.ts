import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import { type DeadLetterReason, toAttributes } from "../../contract/event/dead-letter.ts";
import { spillKey, writeSpill } from "../../contract/event/spill.ts";
import { BreakerStore } from "../../functions/breaker/store.ts";
import { processor } from "../../functions/processor/handler.ts";
import { processorSettings } from "../../functions/processor/settings.ts";
import { recovery } from "../../functions/recovery/handler.ts";
import { type RecoverySettings, recoverySettings } from "../../functions/recovery/settings.ts";
import { openObjects } from "../../functions/runtime/objects.ts";
import { httpDestination, processorVariables } from "./bench-variables.ts";
import { startDestination, type TestDestination } from "./destination.ts";
import { type StateTable, startStateTable } from "./dynamodb.ts";
import { envelopeFor } from "./envelopes.ts";
import { type Cloud, startCloud } from "./fauxqs.ts";
import { type LambdaApi, RECOVERY_ARN, startLambdaApi } from "./lambda-api.ts";

export interface RunOptions {
  readonly settings?: Partial<RecoverySettings>;
  /** @default the schedule's */
  readonly event?: unknown;
  /** Milliseconds that Lambda says are left, each time it is asked. @default 60_000 */
  readonly remaining?: () => number;
  readonly requestId?: string;
  /** An alias, a colon in front. @default none */
  readonly alias?: string;
}

/** Recovery with real wires around it. */
export interface RecoveryBench {
  readonly cloud: Cloud;
  readonly state: StateTable;
  readonly lambda: LambdaApi;
  /** Where the processor delivers that recovery probes with. */
  readonly destination: TestDestination;
  /** An open breaker that this one opens may be probed at once. */
  readonly breaker: BreakerStore;
  /** One run, in an execution environment of its own. */
  run(options?: RunOptions): Promise<void>;
  /** A dead letter, of class `exhausted` unless it is said otherwise. */
  deadLetter(body: string, reason?: Partial<DeadLetterReason>): Promise<void>;
  spilled(body: string): Promise<void>;
  /** An event on the main queue. */
  event(id: string, eventType?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startRecoveryBench(): Promise<RecoveryBench> {
  const [cloud, state, lambda, destination] = await Promise.all([
    startCloud(),
    startStateTable(),
    startLambdaApi(),
    startDestination(),
  ]);
  const objects = openObjects({ endpoint: cloud.endpoint, forcePathStyle: true });
  const breakerVariable = JSON.stringify({
    failingEvents: 5,
    probeBaseSeconds: 60,
    probeCapSeconds: 60,
    settleSeconds: 3_600,
  });
  const deliver = processor(
    processorSettings(
      processorVariables(
        { ...cloud, stateTable: state.table },
        { ...httpDestination(destination.url), timeoutMilliseconds: 2_000, maxResponseBytes: 1_024 },
        { IDEMPOTENCY_SECONDS: "0", BREAKER: breakerVariable },
      ),
    ),
    {
      queue: { endpoint: cloud.endpoint },
      bucket: { endpoint: cloud.endpoint },
      state: { endpoint: state.endpoint },
      recovery: { endpoint: lambda.endpoint },
    },
  );
  lambda.invoke = (_name, event) => deliver(event as SQSEvent, { getRemainingTimeInMillis: () => 30_000 });
  const settings = recoverySettings({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    QUEUE_URL: cloud.queueUrl,
    DEAD_LETTER_QUEUE_URL: cloud.deadLetterQueueUrl,
    OVERFLOW_BUCKET: cloud.bucket,
    STATE_TABLE: state.table,
    MAX_MESSAGE_BYTES: "262144",
    EVENT_SOURCE_MAPPING: "mapping-uuid",
    PROCESSOR_FUNCTION: "processor",
    BATCH_CONCURRENCY: "5",
    BREAKER: breakerVariable,
    REDRIVE: JSON.stringify({ maxRedrives: 3, redrivesPerSecond: 500 }),
    RECOVERY_FUNCTION: "recovery",
    QUEUE_RETENTION_SECONDS: "345600",
    DEAD_LETTER_RETENTION_SECONDS: "1209600",
    ALARM_TOPIC: "arn:aws:sns:eu-west-1:000000000000:alarms",
    OLDEST_EVENT_SECONDS: "900",
    TIMEOUT_SECONDS: "60",
  });
  return {
    cloud,
    state,
    lambda,
    destination,
    breaker: new BreakerStore(state.client, state.table, { baseSeconds: 0, capSeconds: 0 }),
    async run({ settings: changes = {}, event = {}, remaining = () => 60_000, requestId, alias = "" } = {}) {
      const handler = recovery(
        { ...settings, ...changes },
        {
          queue: { endpoint: cloud.endpoint },
          bucket: { endpoint: cloud.endpoint },
          state: { endpoint: state.endpoint },
          lambda: { endpoint: lambda.endpoint },
        },
      );
      await handler(event, {
        awsRequestId: requestId ?? crypto.randomUUID(),
        invokedFunctionArn: `${RECOVERY_ARN}${alias}`,
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
    async event(id, eventType) {
      const envelope = envelopeFor("{}", { id, ...defined({ event_type: eventType }) });
      await cloud.sqs.send(new SendMessageCommand({ QueueUrl: cloud.queueUrl, MessageBody: envelope }));
    },
    async stop() {
      objects.client.destroy();
      await Promise.all([cloud.stop(), state.stop(), lambda.stop(), destination.stop()]);
    },
  };
}
