import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics as names } from "../../contract/metrics.ts";
import { mayRedrive } from "../../contract/verdict.ts";
import { BreakerStore } from "../breaker/store.ts";
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
import { type MappingPorts, reconcileMapping } from "./mapping.ts";
import { readNote, writeNote } from "./mapping-note.ts";
import { readOrder } from "./order.ts";
import { type ProbeTime, probe } from "./probe.ts";
import { type RecoveryOutcome, type RecoveryPorts, recover } from "./recover.ts";
import { countDeadLetters, redriveDeadLetters } from "./redrive.ts";
import { ScanMark } from "./scan-mark.ts";
import type { RecoverySettings } from "./settings.ts";
import { requeueSpilled } from "./spilled.ts";
import { type BreakerPorts, type TendedBreaker, tendBreaker } from "./tend-breaker.ts";

export const bounds = {
  queue: { attemptMilliseconds: 3_000, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 3 },
  lambda: { attemptMilliseconds: 3_000, attempts: 2 },
  /** A probe ends with the run at the latest; tried twice, it would deliver twice. */
  probe: { attemptMilliseconds: 900_000, attempts: 1, connectMilliseconds: 1_000 },
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
  /** The same service, for a call that takes as long as deliveries do. */
  readonly prober: LambdaClient;
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
    prober: new LambdaClient(clientConfig({ ...bounds.probe, ...(endpoints.probe ?? endpoints.lambda) })),
  });
}

/** Wires recovery to whatever is outside: AWS, or a model of it. */
export function recoveryWith(settings: RecoverySettings, outside: RecoveryOutside): RecoveryHandler {
  const { state } = outside;
  const { probeBaseSeconds: baseSeconds, probeCapSeconds: capSeconds } = settings.breaker;
  const breaker = new BreakerStore(state, settings.stateTable, { baseSeconds, capSeconds });
  const observability: Observability = { logger: outside.logger, metrics: outside.metrics };
  const ports = portsOf(settings, observability, outside, breaker);
  return async (event, context) => {
    const order = readOrder(event);
    if (order !== undefined) {
      const { after } = await breaker.tell(order);
      observability.logger.warn(logMessages.ordered, { order: order.kind, breaker: after.status });
    }
    const timeLeft = () => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS;
    const remaining = () => context.getRemainingTimeInMillis();
    const breakerPorts = breakerPortsOf(settings, outside, breaker, { mayGoOn: timeLeft, remaining });
    const tended = await tendBreaker(breakerPorts).catch((error: unknown) => {
      observability.logger.error("Recovery could not tend the breaker; the next run tries again", {
        reason: errorName(error),
      });
      return error as Error;
    });
    const outcome = await withLease(
      state,
      {
        table: settings.stateTable,
        owner: context.awsRequestId,
        milliseconds: remaining(),
        logger: observability.logger,
      },
      () => recover(ports, timeLeft),
      ({ failures }) => failures.length === 0 && !(tended instanceof Error),
    );
    report(tended, outcome, observability);
  };
}

function breakerPortsOf(
  settings: RecoverySettings,
  { logger, sqs, objects, lambda, prober }: RecoveryOutside,
  breaker: BreakerStore,
  time: ProbeTime,
): BreakerPorts {
  const { overflowBucket: bucket, eventSourceMapping: uuid } = settings;
  const now = () => new Date();
  const mapping: MappingPorts = {
    ...{ lambda, uuid, breaker, logger, now },
    readNote: async () => readNote(await objects(), bucket),
    writeNote: async (note) => writeNote(await objects(), bucket, note),
  };
  return {
    ...{ logger, breaker, now },
    settleSeconds: settings.breaker.settleSeconds,
    probe: () => probe(sqs, prober, settings, time),
    reconcileMapping: (found) => reconcileMapping(mapping, found),
  };
}

function portsOf(
  settings: RecoverySettings,
  observability: Observability,
  { sqs, objects, state }: RecoveryOutside,
  breaker: BreakerStore,
): RecoveryPorts {
  const { queueUrl, deadLetterQueueUrl, stateTable } = settings;
  const mark = new ScanMark(state, stateTable);
  return {
    ...observability,
    mayRedrive: async () => {
      const { state: found, evidence } = await breaker.look();
      return found.status === "closed" && mayRedrive(evidence, Date.now());
    },
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
        { queueUrl, deadLetterQueueUrl, ...settings.redrive, lookSeconds: settings.timeoutSeconds },
        mayGoOn,
      );
      if (result.complete) await mark.save(result.left, now);
      return result;
    },
  };
}

/**
 * @param outcome absent where another run is at it
 * @throws {AggregateError} of the steps that failed, after all has been said: the run counts as an error.
 */
function report(
  tended: TendedBreaker | Error,
  outcome: RecoveryOutcome | undefined,
  { logger, metrics }: Observability,
): void {
  const failures = [...(tended instanceof Error ? [tended] : []), ...(outcome?.failures ?? [])];
  const breaker = tended instanceof Error ? undefined : tended;
  try {
    count(breaker, outcome, failures.length, metrics);
  } catch {
    metrics.clearMetrics(); // a metric that cannot be written must not make a run that went well an error
  }
  if (outcome !== undefined) {
    const { requeued, redriven } = outcome;
    logger.info(logMessages.recovered, { breaker: breaker?.state.status ?? "unknown", requeued, redriven });
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of recovery failed.`);
}

function count(
  breaker: TendedBreaker | undefined,
  outcome: RecoveryOutcome | undefined,
  failures: number,
  metrics: Observability["metrics"],
): void {
  if (breaker !== undefined) {
    const { state, mapping } = breaker;
    const isStopped = state.status !== "closed" || !mapping.ok;
    metrics.addMetric(names.recovery.breakerOpen, MetricUnit.Count, isStopped ? 1 : 0);
    const waiting = state.status === "closed" ? undefined : state.oldestUndelivered;
    if (waiting !== undefined) {
      const age = Math.max(0, Date.now() - Date.parse(waiting));
      metrics.addMetric(names.recovery.oldestUndelivered, MetricUnit.Milliseconds, age);
    }
  }
  if (outcome !== undefined) {
    metrics.addMetric(names.recovery.requeued, MetricUnit.Count, outcome.requeued);
    metrics.addMetric(names.recovery.redriven, MetricUnit.Count, outcome.redriven);
  }
  metrics.addMetric(names.recovery.failures, MetricUnit.Count, failures);
  metrics.publishStoredMetrics();
}
