import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defined } from "../contract/defined.ts";
import { LOCAL_LOGS_FOLDER } from "../contract/local-run.ts";
import type { SignedRequest } from "../contract/sources/signed-request.ts";
import { AlarmWatch } from "./alarms/alarm-watch.ts";
import { cloudWatchApi } from "./alarms/cloudwatch-api.ts";
import { topicApi } from "./alarms/topic-api.ts";
import { callerIdentity } from "./cloud/caller-identity.ts";
import { LocalCloud } from "./cloud/cloud.ts";
import { Expiry } from "./cloud/expiry.ts";
import { provision } from "./cloud/provision.ts";
import { announce } from "./data/announce.ts";
import { lockFolder } from "./data/lock.ts";
import { privateFolder } from "./data/private-folder.ts";
import { withDestination } from "./destination.ts";
import { eventBus } from "./event-bus/event-bus.ts";
import { Gateway } from "./gateway/gateway.ts";
import { bearableConcurrency } from "./lambda/bearable-concurrency.ts";
import { Invoker } from "./lambda/invoker.ts";
import type { LocalFunction } from "./lambda/local-function.ts";
import { ServiceCalls } from "./lambda/service-calls.ts";
import { startFunctions, useCode } from "./lambda/start-functions.ts";
import { LambdaApi } from "./lambda-api/lambda-api.ts";
import { type AllowedCall, Permissions } from "./permissions/permissions.ts";
import type { EventSourceMapping } from "./poller/event-source-mapping.ts";
import { startMappings } from "./poller/start-mappings.ts";
import { RunEvents } from "./run-events.ts";
import { Schedule } from "./schedule.ts";
import { requestFor, sourcesOf } from "./signed-request.ts";
import { adaptStack } from "./stack/adapt-stack.ts";
import type { LocalStack } from "./stack/model.ts";
import { readStack } from "./stack/read.ts";

export interface LocalRunOptions {
  /** A `cdk.tf.json`; assets lie beside it. */
  readonly stackFile: string;
  /** Where queues, objects, secrets and logs are kept. @default a temporary folder, gone after the run */
  readonly dataDirectory?: string;
  /** Where the processor delivers. @default as synthesised */
  readonly destination?: string;
  /** Of the HTTP API. @default 0, any free one */
  readonly port?: number;
  /** Seconds between two runs of whatever is scheduled. @default as synthesised, in minutes as long as the alarms' */
  readonly scheduleEverySeconds?: number;
  /** Seconds that a minute of the alarms lasts. @default 60 */
  readonly alarmPeriodSeconds?: number;
  /** Milliseconds that running invocations get at the end. @default 5_000 */
  readonly graceMilliseconds?: number;
  /** The stream that everything is told to, what happens before the run is up included. @default a new one */
  readonly runEvents?: RunEvents;
  /** A folder of the functions' source maps: what goes wrong in them is told with its place. @default nobody knows */
  readonly sourceMaps?: string;
  /** Told of every call that the stack's policies allow; the others are run events. */
  readonly onAllowed?: (call: AllowedCall) => void;
}

const MINUTE_SECONDS = 60;

/** AWS's own placeholder for an account. */
const ACCOUNT = "000000000000";

/** A synthesised stack that runs on this machine. */
export class LocalRun {
  /** Of the HTTP API. */
  readonly url: string;
  readonly stack: LocalStack;
  readonly cloud: LocalCloud;
  readonly runEvents: RunEvents;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly mappings: readonly EventSourceMapping[];
  /** Of the functions, unpacked. */
  readonly #code: string;
  readonly #end: (graceMilliseconds: number) => Promise<void>;
  readonly #graceMilliseconds: number;
  #ended: Promise<void> | undefined;

  constructor(
    parts: Pick<LocalRun, "url" | "stack" | "cloud" | "runEvents" | "functions" | "mappings"> & {
      code: string;
    },
    graceMilliseconds: number,
    end: (graceMilliseconds: number) => Promise<void>,
  ) {
    this.url = parts.url;
    this.stack = parts.stack;
    this.cloud = parts.cloud;
    this.runEvents = parts.runEvents;
    this.functions = parts.functions;
    this.mappings = parts.mappings;
    this.#graceMilliseconds = graceMilliseconds;
    this.#code = parts.code;
    this.#end = end;
  }

  /**
   * A request that the receiver accepts: of the given source, or of the first that the stack takes in.
   *
   * @throws {Error} when the stack does not take such a source in
   */
  signedRequest(body: Buffer, source?: string, integration?: string): SignedRequest {
    const sources = sourcesOf(this.stack);
    const found = source === undefined ? sources[0] : sources.find((given) => given.source === source);
    if (!found) throw new Error(`The stack takes in no ${source ?? "source"}.`);
    const key = integration ?? Object.keys(found.authentication)[0] ?? "";
    return requestFor(this.url, found, key, body, (parameter) => {
      const value = JSON.parse(this.cloud.parameters.value(parameter) ?? "{}") as { current?: string };
      return value.current ?? "";
    });
  }

  /**
   * Has a function run another zip from its next invocation on; those that are running finish as they began.
   *
   * @param zip a file
   */
  async useCode(functionName: string, zip: string): Promise<void> {
    for (const each of this.functions.values()) {
      if (each.model.name === functionName) await useCode(each, zip, this.#code);
    }
  }

  /** Has every function load its code: whoever sends the first event then meets no cold start. */
  async prepare(): Promise<void> {
    await Promise.all([...this.functions.values()].map((each) => each.prepare()));
  }

  /**
   * Takes no more requests, lets running invocations finish for a while, ends every process, closes the data.
   * Events that are still in the queue are there at the next start.
   */
  stop(graceMilliseconds = this.#graceMilliseconds): Promise<void> {
    this.#ended ??= this.#end(graceMilliseconds);
    return this.#ended;
  }
}

/**
 * Runs a synthesised stack.
 *
 * @throws {StackError} where the stack has something that the local run does not understand
 * @throws {Error} where another run has the data folder, or the port
 */
export async function startLocal(options: LocalRunOptions): Promise<LocalRun> {
  const steps: (() => Promise<unknown>)[] = [];
  const undo = async () => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    return await start(options, (step) => void steps.push(step), undo);
  } catch (error) {
    await undo();
    throw error;
  }
}

async function start(
  options: LocalRunOptions,
  cleanUp: (step: () => Promise<unknown>) => void,
  undo: () => Promise<void>,
): Promise<LocalRun> {
  const synthesised = await readStack(options.stackFile);
  const { region } = synthesised;
  const folder = options.dataDirectory ?? (await temporaryFolder(cleanUp));
  const logs = join(folder, LOCAL_LOGS_FOLDER);
  await privateFolder(folder);
  cleanUp(await lockFolder(folder));
  await mkdir(logs, { recursive: true, mode: 0o700 });

  const gateway = await Gateway.listen(options.port ?? 0);
  cleanUp(() => gateway.stop());
  const cloud = await LocalCloud.start(region, folder);
  cleanUp(() => cloud.stop());
  const stack = adaptStack(synthesised, {
    region,
    account: ACCOUNT,
    cloudUrl: cloud.url,
    apiUrl: gateway.url,
    folder: dirname(options.stackFile),
  });
  await provision(stack, cloud);
  const expiry = new Expiry(stack.tables, cloud.dynamodb);
  cleanUp(() => expiry.stop());

  const { runEvents = new RunEvents() } = options;
  const permissions = new Permissions(
    stack,
    { region, account: ACCOUNT, accessKeys: cloud.accessKeys },
    {
      onDenied: (call) => runEvents.add({ kind: "denied", ...call }),
      onAllowed: options.onAllowed,
    },
  );
  cloud.guard(permissions);
  const { alarmPeriodSeconds: periodSeconds } = options;
  const watch = new AlarmWatch({
    stack,
    queues: () => cloud.queues(),
    runEvents,
    ...defined({ periodSeconds }),
  });
  cleanUp(() => Promise.resolve(watch.stop()));
  cloud.serve("monitoring", cloudWatchApi(watch, { region, account: ACCOUNT }));
  cloud.serve("sns", topicApi(runEvents));
  cloud.serve("sts", callerIdentity(ACCOUNT));
  const { destination, sourceMaps } = options;
  // Outside of the repository, so that code that needs a package which is not in its bundle fails here too.
  const code = await temporaryFolder(cleanUp);
  const functions = await startFunctions(
    destination === undefined
      ? stack.functions
      : stack.functions.map((model) => withDestination(model, destination)),
    {
      code,
      logs,
      cloud,
      runEvents,
      permissions,
      account: ACCOUNT,
      onMetric: watch.emitted,
      concurrency: bearableConcurrency(stack.functions.length),
      sourceMaps,
      cleanUp,
    },
  );
  const invoker = new Invoker(functions, runEvents, watch.invoked, sourceMaps);
  const { invoke, accept } = invoker;
  const { mappings, switchMapping } = await startMappings(stack, { cloud, folder, invoke, runEvents });
  const api = new LambdaApi({
    functions: [...functions.values()].map(({ model }) => model),
    mappings,
    functionArn: invoker.arnOf,
    invoke,
    accept,
    switchMapping,
  });
  cloud.serve("lambda", api.listener);
  const services = new ServiceCalls(permissions, { executionArn: stack.executionArn ?? "", invoke, accept });
  if (stack.eventRules.length > 0) {
    const { eventRules: rules, queues } = stack;
    const maySend = services.ruleMaySend;
    const { sqs } = cloud;
    const onFailed = watch.ruleFailed;
    cloud.serve(
      "events",
      eventBus({ rules, queues, sqs, maySend, runEvents, onFailed, region, account: ACCOUNT }),
    );
  }
  const { routes, cors } = stack;
  gateway.open({ routes, cors, account: ACCOUNT, onAnswer: watch.answered }, services.fromApi);
  // Recovery tells every minute that it lives: where a minute is shorter, more often.
  const every = (seconds: number) =>
    options.scheduleEverySeconds ?? (seconds / MINUTE_SECONDS) * (periodSeconds ?? MINUTE_SECONDS);
  const schedules = stack.schedules.map(
    (model) =>
      new Schedule(model, {
        region,
        account: ACCOUNT,
        invoke: (functionArn, event) => services.fromRule(model.ruleArn, functionArn, event),
        everySeconds: every(model.everySeconds),
      }),
  );

  cleanUp(await announce(folder, { name: synthesised.name, url: gateway.url, stack, cloud }));

  const parts = { url: gateway.url, stack, cloud, runEvents, functions, mappings, code };
  return new LocalRun(parts, options.graceMilliseconds ?? 5_000, async (graceMilliseconds) => {
    for (const schedule of schedules) schedule.stop();
    const atRest = Promise.all([
      gateway.stop(),
      invoker.stop(),
      ...mappings.map((mapping) => mapping.stop()),
    ]);
    await atMost(graceMilliseconds, atRest);
    await Promise.all([...functions.values()].map((each) => each.stop()));
    await atRest; // what was cut off has been answered now
    await undo();
  });
}

async function temporaryFolder(cleanUp: (step: () => Promise<unknown>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "genesys-local-"));
  cleanUp(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
