import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import type { Notice } from "../../contract/notice.ts";
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
import { publisher } from "../runtime/topic.ts";
import { withLease } from "./lease.ts";
import { type MappingPorts, reconcileMapping } from "./mapping.ts";
import { readNote, writeNote } from "./mapping-note.ts";
import { MemoryStore } from "./memory.ts";
import { readOrder } from "./order.ts";
import { type ProbeTime, probe } from "./probe.ts";
import { recover } from "./recover.ts";
import { isStopped, type RunEnd, report, spillsWait } from "./report.ts";
import type { RecoverySettings } from "./settings.ts";
import { prepareSteps } from "./steps.ts";
import { type BreakerPorts, type TendedBreaker, tendBreaker } from "./tend-breaker.ts";

export const bounds = {
  queue: { attemptMilliseconds: 3_000, attempts: 2 },
  bucket: { attemptMilliseconds: 5_000, attempts: 2 },
  state: { attemptMilliseconds: 1_000, attempts: 3 },
  lambda: { attemptMilliseconds: 3_000, attempts: 2 },
  topic: { attemptMilliseconds: 1_000, attempts: 2 },
  /** A probe ends with the run at the latest; tried twice, it would deliver twice. */
  probe: { attemptMilliseconds: 900_000, attempts: 1, connectMilliseconds: 1_000 },
} satisfies Record<string, ClientBounds>;

/** What must be left for the unit of work at hand and for putting back what was only looked at. */
const RESERVE_MILLISECONDS = 10_000;
/** What must be left for telling how the run ended, whatever a step still waits for. */
const END_MILLISECONDS = 3_000;

export type RecoveryHandler = (
  event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis" | "awsRequestId" | "invokedFunctionArn">,
) => Promise<void>;

/** Everything outside of recovery's own rules: AWS, the destination, and whom it tells. */
export interface RecoveryOutside extends Observability {
  readonly sqs: SQSClient;
  readonly objects: () => Promise<Objects>;
  readonly state: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** Says something where alarms are said. */
  readonly publish: (notice: Notice) => Promise<void>;
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
    publish: publisher(settings.alarmTopic, { ...bounds.topic, ...endpoints.topic }),
    prober: new LambdaClient(clientConfig({ ...bounds.probe, ...(endpoints.probe ?? endpoints.lambda) })),
  });
}

/** Wires recovery to whatever is outside: AWS, or a model of it. */
export function recoveryWith(settings: RecoverySettings, outside: RecoveryOutside): RecoveryHandler {
  const { state, lambda } = outside;
  const { logger, metrics } = outside;
  const { probeBaseSeconds: baseSeconds, probeCapSeconds: capSeconds } = settings.breaker;
  const breaker = new BreakerStore(state, settings.stateTable, { baseSeconds, capSeconds });
  const run = async (remaining: () => number, tended: TendedBreaker | Error): Promise<RunEnd> => {
    const prepared = await prepareSteps({
      ...outside,
      settings,
      memory: new MemoryStore(state, settings.stateTable),
      isClosed: async () => {
        const { state: found, evidence } = await breaker.look();
        return found.status === "closed" && mayRedrive(evidence, Date.now());
      },
      timeLeft: () => remaining() > RESERVE_MILLISECONDS,
      now: () => new Date(),
    });
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, remaining() - END_MILLISECONDS));
    });
    const outcome = await recover({ logger, metrics, steps: prepared.steps }, timeUp).finally(() =>
      clearTimeout(timer),
    );
    const isTold = prepared.noteWaiting(isStopped(tended), spillsWait(outcome));
    await prepared.tellStop(tended);
    await prepared
      .remember()
      .catch((error: unknown) =>
        logger.warn("What this run found out could not be kept", { reason: errorName(error) }),
      );
    const { putAside, oldestOnQueue } = prepared;
    return { outcome, putAside, isTold, ...defined({ oldestOnQueue }) };
  };
  return async (event, context) => {
    const order = readOrder(event, context.invokedFunctionArn);
    if (order !== undefined) {
      const { after } = await breaker.tell(order);
      logger.warn(logMessages.ordered, { order: order.kind, breaker: after.status });
    }
    const remaining = () => context.getRemainingTimeInMillis();
    const time: ProbeTime = { mayGoOn: () => remaining() > RESERVE_MILLISECONDS, remaining };
    const tended = await tendBreaker(breakerPorts(settings, outside, breaker, time)).catch(
      (error: unknown) => {
        logger.error("Recovery could not tend the breaker; the next run tries again", {
          reason: errorName(error),
        });
        return error as Error;
      },
    );
    const lease = {
      table: settings.stateTable,
      owner: context.awsRequestId,
      milliseconds: remaining(),
      logger,
    };
    const end = await withLease(
      state,
      lease,
      () => run(remaining, tended),
      ({ outcome }) => outcome.failures.length === 0 && !(tended instanceof Error),
    );
    if (end?.outcome.more) await callNext(lambda, settings.recoveryFunction, logger);
    report(tended, end, { logger, metrics });
  };
}

function breakerPorts(
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
