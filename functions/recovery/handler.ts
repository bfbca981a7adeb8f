import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics as names } from "../../contract/metrics.ts";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { BreakerStore } from "../breaker/store.ts";
import { parameterClient, parameterCredentials } from "../destination/credentials.ts";
import { type Exchange, type HttpSettings, openExchange } from "../destination/exchange.ts";
import {
  type ClientBounds,
  clientConfig,
  type Endpoint,
  lazyObjects,
  sqsClient,
} from "../runtime/clients.ts";
import type { Objects } from "../runtime/objects.ts";
import { type Observability, observe } from "../runtime/observability.ts";
import { stateClient } from "../runtime/state-client.ts";
import { withLease } from "./lease.ts";
import { reconcileMapping } from "./mapping.ts";
import { readOrder } from "./order.ts";
import { probeFor } from "./probe.ts";
import { type RecoveryOutcome, type RecoveryPorts, recover } from "./recover.ts";
import { countDeadLetters, redriveDeadLetters } from "./redrive.ts";
import { ScanMark } from "./scan-mark.ts";
import type { RecoverySettings } from "./settings.ts";
import { requeueSpilled } from "./spilled.ts";

export const bounds = {
  queue: { attemptMilliseconds: 3_000, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 3 },
  lambda: { attemptMilliseconds: 3_000, attempts: 2 },
  secrets: { attemptMilliseconds: 1_500, attempts: 2 },
} satisfies Record<string, ClientBounds>;

/** What must be left for the unit of work at hand and for putting back what was only looked at. */
const RESERVE_MILLISECONDS = 10_000;

export type RecoveryHandler = (
  event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis" | "awsRequestId">,
) => Promise<void>;

/** Everything outside of recovery's own rules: AWS, the destination, and whom it tells. */
export interface RecoveryOutside extends Observability {
  readonly sqs: SQSClient;
  readonly objects: () => Promise<Objects>;
  readonly state: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly openExchange: (settings: HttpSettings) => Exchange;
  /** The parameter store with the destination's credentials. */
  readonly ssm: Pick<SSMClient, "send">;
}

/** Recovery as it is deployed. `endpoints`: in tests, where the services are. */
export function recovery(
  settings: RecoverySettings,
  endpoints: Readonly<Partial<Record<keyof typeof bounds, Endpoint>>> = {},
): RecoveryHandler {
  return recoveryWith(settings, {
    ...observe("recovery", settings.environment, settings.logLevel),
    sqs: sqsClient({ ...bounds.queue, ...endpoints.queue }),
    objects: lazyObjects({ ...bounds.bucket, ...endpoints.bucket }),
    state: stateClient({ ...bounds.state, ...endpoints.state }),
    lambda: new LambdaClient(clientConfig({ ...bounds.lambda, ...endpoints.lambda })),
    openExchange,
    ssm: parameterClient({ ...bounds.secrets, ...endpoints.secrets }),
  });
}

/** Wires recovery to whatever is outside: AWS, or a model of it. */
export function recoveryWith(settings: RecoverySettings, outside: RecoveryOutside): RecoveryHandler {
  const { state } = outside;
  const observability: Observability = { logger: outside.logger, metrics: outside.metrics };
  const ports = portsOf(settings, observability, outside);
  return async (event, context) => {
    const order = readOrder(event);
    if (order !== undefined) {
      const { after } = await ports.breaker.tell(order);
      observability.logger.warn(logMessages.ordered, { order: order.kind, breaker: after.status });
    }
    const timeLeft = () => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS;
    const outcome = await withLease(
      state,
      settings.stateTable,
      context.awsRequestId,
      settings.timeoutSeconds,
      () => recover(ports, timeLeft),
    );
    if (outcome === undefined) return; // another run is at it
    report(outcome, observability);
  };
}

function portsOf(
  settings: RecoverySettings,
  observability: Observability,
  { sqs, objects, lambda, state, openExchange: open, ssm }: RecoveryOutside,
): RecoveryPorts {
  const { queueUrl, deadLetterQueueUrl, maxMessageBytes, stateTable } = settings;
  const { probeBaseSeconds: baseSeconds, probeCapSeconds: capSeconds, settleSeconds } = settings.breaker;
  const breaker = new BreakerStore(state, stateTable, { baseSeconds, capSeconds });
  const mark = new ScanMark(state, stateTable);
  return {
    ...observability,
    breaker,
    settleSeconds,
    probe: probeFor(settings.destination, open, credentialsOf(settings.destination, ssm)),
    reconcileMapping: (found) => reconcileMapping(lambda, settings.eventSourceMapping, breaker, found),
    requeueSpilled: async (mayGoOn) =>
      requeueSpilled(
        sqs,
        await objects(),
        { bucket: settings.overflowBucket, queueUrl, deadLetterQueueUrl },
        mayGoOn,
        (key) => observability.logger.error("An object under spill/ is no spilled message", { key }),
      ),
    redrive: async (mayGoOn) => {
      const now = new Date();
      if (!(await mark.isWorthALook(await countDeadLetters(sqs, deadLetterQueueUrl), now))) return undefined;
      const result = await redriveDeadLetters(
        sqs,
        {
          ...{ queueUrl, deadLetterQueueUrl, maxMessageBytes, ...settings.redrive },
          lookSeconds: settings.timeoutSeconds,
          onLeftOut: (message_id, names) =>
            observability.logger.warn("A redriven event had no room for all of its attributes", {
              ...{ message_id, attributes_left_out: names.join(",") },
            }),
        },
        mayGoOn,
      );
      if (result.complete) await mark.save(result.left, now);
      return result;
    },
    now: () => new Date(),
  };
}

function credentialsOf(destination: DestinationSettings, ssm: Pick<SSMClient, "send">) {
  return destination.kind === "http" && destination.credentials !== undefined
    ? parameterCredentials(destination.credentials, ssm)
    : undefined;
}

/** @throws {AggregateError} of the steps that failed, after all has been said: the run counts as an error. */
function report(outcome: RecoveryOutcome, { logger, metrics }: Observability): void {
  const { state, requeued, redriven, failures } = outcome;
  try {
    count(outcome, metrics);
  } catch {
    metrics.clearMetrics(); // a metric that cannot be written must not make a run that went well an error
  }
  logger.info(logMessages.recovered, { breaker: state.status, requeued, redriven });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of recovery failed.`);
}

function count(
  { state, requeued, redriven, failures }: RecoveryOutcome,
  metrics: Observability["metrics"],
): void {
  const waiting = state.status === "closed" ? undefined : state.oldestUndelivered;
  metrics.addMetric(names.recovery.breakerOpen, MetricUnit.Count, state.status === "closed" ? 0 : 1);
  metrics.addMetric(names.recovery.requeued, MetricUnit.Count, requeued);
  metrics.addMetric(names.recovery.redriven, MetricUnit.Count, redriven);
  metrics.addMetric(names.recovery.failures, MetricUnit.Count, failures.length);
  if (waiting !== undefined) {
    const age = Math.max(0, Date.now() - Date.parse(waiting));
    metrics.addMetric(names.recovery.oldestUndelivered, MetricUnit.Milliseconds, age);
  }
  metrics.publishStoredMetrics();
}
