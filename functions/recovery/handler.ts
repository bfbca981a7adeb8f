import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
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
import { errorName } from "../runtime/error-name.ts";
import type { Objects } from "../runtime/objects.ts";
import { type Observability, observe } from "../runtime/observability.ts";
import { stateClient } from "../runtime/state-client.ts";
import { withLease } from "./lease.ts";
import { reconcileMapping } from "./mapping.ts";
import { MemoryStore } from "./memory.ts";
import { readOrder } from "./order.ts";
import { probeFor } from "./probe.ts";
import { type RecoveryOutcome, type RecoveryPorts, recover } from "./recover.ts";
import type { RecoverySettings } from "./settings.ts";
import { type PreparedSteps, prepareSteps } from "./steps.ts";

export const bounds = {
  queue: { attemptMilliseconds: 3_000, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 3 },
  lambda: { attemptMilliseconds: 3_000, attempts: 2 },
  secrets: { attemptMilliseconds: 1_500, attempts: 2 },
} satisfies Record<string, ClientBounds>;

/** What must be left for the unit of work at hand and for putting back what was only looked at. */
const RESERVE_MILLISECONDS = 10_000;
/** What must be left for telling how the run ended, whatever a step still waits for. */
const END_MILLISECONDS = 3_000;

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
  const { state, lambda } = outside;
  const { logger, metrics } = outside;
  const { probeBaseSeconds: baseSeconds, probeCapSeconds: capSeconds, settleSeconds } = settings.breaker;
  const breaker = new BreakerStore(state, settings.stateTable, { baseSeconds, capSeconds });
  const probe = probeFor(
    settings.destination,
    outside.openExchange,
    credentialsOf(settings.destination, outside.ssm),
  );
  const run = async (remaining: () => number): Promise<RunEnd> => {
    const prepared = await prepareSteps({
      ...outside,
      settings,
      memory: new MemoryStore(state, settings.stateTable),
      isClosed: async () => (await breaker.read()).status === "closed",
      timeLeft: () => remaining() > RESERVE_MILLISECONDS,
      now: () => new Date(),
    });
    const ports: RecoveryPorts = {
      logger,
      metrics,
      breaker,
      settleSeconds,
      probe,
      reconcileMapping: (found) => reconcileMapping(lambda, settings.eventSourceMapping, breaker, found),
      steps: prepared.steps,
      now: () => new Date(),
    };
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, remaining() - END_MILLISECONDS));
    });
    const outcome = await recover(ports, timeUp).finally(() => clearTimeout(timer));
    await prepared
      .remember()
      .catch((error: unknown) =>
        logger.warn("What this run found out could not be kept", { reason: errorName(error) }),
      );
    return { outcome, prepared };
  };
  return async (event, context) => {
    const order = readOrder(event);
    if (order !== undefined) {
      const { after } = await breaker.tell(order);
      logger.warn(logMessages.ordered, { order: order.kind, breaker: after.status });
    }
    const end = await withLease(
      state,
      settings.stateTable,
      context.awsRequestId,
      settings.timeoutSeconds,
      () => run(() => context.getRemainingTimeInMillis()),
    );
    if (end === undefined) return; // another run is at it
    if (end.outcome.more) await callNext(lambda, settings.recoveryFunction, logger);
    report(end, { logger, metrics });
  };
}

interface RunEnd {
  readonly outcome: RecoveryOutcome;
  readonly prepared: Pick<PreparedSteps, "putAside">;
}

/** The next run follows at once: the lease is free by now, and lets one of them in at a time. */
async function callNext(
  lambda: LambdaClient,
  FunctionName: string,
  logger: Observability["logger"],
): Promise<void> {
  try {
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
  } catch (error) {
    logger.warn("The next run could not be called and comes within a minute", { reason: errorName(error) });
  }
}

function credentialsOf(destination: DestinationSettings, ssm: Pick<SSMClient, "send">) {
  return destination.kind === "http" && destination.credentials !== undefined
    ? parameterCredentials(destination.credentials, ssm)
    : undefined;
}

/** @throws {AggregateError} of the steps that failed, after all has been said: the run counts as an error. */
function report(end: RunEnd, { logger, metrics }: Observability): void {
  const { state, requeued, broughtBack, redriven, parked, failures } = end.outcome;
  try {
    count(end, metrics);
  } catch {
    metrics.clearMetrics(); // a metric that cannot be written must not make a run that went well an error
  }
  logger.info(logMessages.recovered, {
    breaker: state.status,
    requeued,
    brought_back: broughtBack,
    redriven,
    parked,
  });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of recovery failed.`);
}

function count({ outcome, prepared }: RunEnd, metrics: Observability["metrics"]): void {
  const { state, requeued, broughtBack, redriven, parked, stored, failures } = outcome;
  const add = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  const addAge = (name: string, since: Date) =>
    metrics.addMetric(name, MetricUnit.Milliseconds, Math.max(0, Date.now() - since.getTime()));
  add(names.recovery.breakerOpen, state.status === "closed" ? 0 : 1);
  add(names.recovery.requeued, requeued);
  add(names.recovery.broughtBack, broughtBack);
  add(names.recovery.redriven, redriven);
  add(names.recovery.parked, parked);
  add(names.recovery.putAside, prepared.putAside);
  add(names.recovery.failures, failures.length);
  if (stored !== undefined) add(names.recovery.parkedDeadLetters, stored.deadLetters);
  if (stored?.oldest !== undefined) addAge(names.recovery.oldestStored, stored.oldest);
  const waiting = state.status === "closed" ? undefined : state.oldestUndelivered;
  if (waiting !== undefined) addAge(names.recovery.oldestUndelivered, new Date(waiting));
  metrics.publishStoredMetrics();
}
