import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LocalCloud } from "./cloud/cloud.ts";
import { provision } from "./cloud/provision.ts";
import { lockFolder } from "./data/lock.ts";
import { withDestination } from "./destination.ts";
import { FunctionLog } from "./function-log.ts";
import { Gateway } from "./gateway/gateway.ts";
import { Happenings } from "./happenings.ts";
import type { InvocationAnswer } from "./lambda/answer.ts";
import { unpack } from "./lambda/code.ts";
import { LocalFunction } from "./lambda/local-function.ts";
import { EventSourceMapping } from "./poller/event-source-mapping.ts";
import { type SignedRequest, signRequest, sourcesOf } from "./signed-request.ts";
import { interpret } from "./stack/interpret.ts";
import type { FunctionModel, LocalStack } from "./stack/model.ts";
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
  /** Invocations of one function at a time; further ones wait. @default 16 */
  readonly concurrency?: number;
  /** Milliseconds that running invocations get at the end. @default 5_000 */
  readonly graceMilliseconds?: number;
}

/** AWS's own placeholder for an account. */
const ACCOUNT = "000000000000";

/** A synthesised stack that runs on this machine. */
export class LocalRun {
  /** Of the HTTP API. */
  public readonly url: string;
  public readonly stack: LocalStack;
  public readonly cloud: LocalCloud;
  public readonly happenings: Happenings;
  public readonly functions: ReadonlyMap<string, LocalFunction>;
  public readonly mappings: readonly EventSourceMapping[];
  private readonly end: (graceMilliseconds: number) => Promise<void>;
  private readonly graceMilliseconds: number;
  private ended: Promise<void> | undefined;

  constructor(
    parts: Pick<LocalRun, "url" | "stack" | "cloud" | "happenings" | "functions" | "mappings">,
    graceMilliseconds: number,
    end: (graceMilliseconds: number) => Promise<void>,
  ) {
    this.url = parts.url;
    this.stack = parts.stack;
    this.cloud = parts.cloud;
    this.happenings = parts.happenings;
    this.functions = parts.functions;
    this.mappings = parts.mappings;
    this.graceMilliseconds = graceMilliseconds;
    this.end = end;
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
    return signRequest(this.url, found, key, body, (parameter) => {
      const value = JSON.parse(this.cloud.parameters.value(parameter) ?? "{}") as { current?: string };
      return value.current ?? "";
    });
  }

  /**
   * Takes no more requests, lets running invocations finish for a while, ends every process, closes the data.
   * Events that are still in the queue are there at the next start.
   */
  stop(graceMilliseconds = this.graceMilliseconds): Promise<void> {
    this.ended ??= this.end(graceMilliseconds);
    return this.ended;
  }
}

/**
 * Runs a synthesised stack.
 *
 * @throws {StackError} where the stack has something that the local run does not understand
 * @throws {Error} where another run has the data folder, or the port
 */
export async function startLocal(options: LocalRunOptions): Promise<LocalRun> {
  const cleanUp: (() => Promise<unknown>)[] = [];
  const undo = async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  };
  try {
    return await start(options, cleanUp, undo);
  } catch (error) {
    await undo();
    throw error;
  }
}

async function start(
  options: LocalRunOptions,
  cleanUp: (() => Promise<unknown>)[],
  undo: () => Promise<void>,
): Promise<LocalRun> {
  const synthesised = await readStack(options.stackFile);
  const folder = options.dataDirectory ?? (await temporaryFolder(cleanUp));
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true, mode: 0o700 });
  cleanUp.push(await lockFolder(folder));

  const gateway = await Gateway.listen(options.port ?? 0);
  cleanUp.push(() => gateway.stop());
  const cloud = await LocalCloud.start(synthesised.region, folder);
  cleanUp.push(() => cloud.stop());
  const stack = interpret(synthesised, {
    region: synthesised.region,
    account: ACCOUNT,
    cloudUrl: cloud.url,
    apiUrl: gateway.url,
    folder: dirname(options.stackFile),
  });
  await provision(stack, cloud.sqs, cloud.s3);
  await cloud.parameters.provision(stack.parameters);

  const happenings = new Happenings();
  const functions = await startFunctions(stack, options, { cloud, logs, happenings, cleanUp });
  const invoke = invoker(functions, happenings);
  const mappings = stack.mappings.map((model) => {
    const queueUrl = stack.queues.find(({ arn }) => arn === model.queueArn)?.url ?? "";
    return new EventSourceMapping(model, {
      sqs: cloud.sqs,
      queueUrl,
      invoke: (event) => invoke(model.functionArn, event),
      onBatch: (batch) => happenings.add({ kind: "batch", mapping: model.address, ...batch }),
      onError: (error) =>
        happenings.add({ kind: "trouble", where: model.address, errorName: (error as Error).name }),
    });
  });
  gateway.open({ routes: stack.routes, cors: stack.cors, account: ACCOUNT }, invoke);
  for (const mapping of mappings) if (mapping.model.enabled) mapping.enable();

  const parts = { url: gateway.url, stack, cloud, happenings, functions, mappings };
  return new LocalRun(parts, options.graceMilliseconds ?? 5_000, async (graceMilliseconds) => {
    const atRest = Promise.all([gateway.stop(), ...mappings.map((mapping) => mapping.stop())]);
    await atMost(graceMilliseconds, atRest);
    await Promise.all([...functions.values()].map((each) => each.stop()));
    await atRest; // what was cut off has been answered now
    await undo();
  });
}

interface FunctionParts {
  readonly cloud: LocalCloud;
  readonly logs: string;
  readonly happenings: Happenings;
  readonly cleanUp: (() => Promise<unknown>)[];
}

async function startFunctions(
  stack: LocalStack,
  { destination, concurrency = 16 }: LocalRunOptions,
  { cloud, logs, happenings, cleanUp }: FunctionParts,
): Promise<Map<string, LocalFunction>> {
  // Outside of the repository, so that code that needs a package which is not in its bundle fails here too.
  const code = await temporaryFolder(cleanUp);
  const functions = new Map<string, LocalFunction>();
  for (const synthesised of stack.functions) {
    const model: FunctionModel =
      destination === undefined ? synthesised : withDestination(synthesised, destination);
    const task = join(code, model.name);
    await unpack(model.zip, task);
    const log = new FunctionLog(logs, model.name, (happening) => happenings.add(happening));
    cleanUp.push(() => log.close());
    functions.set(model.arn, new LocalFunction(model, { task, cloud, onLine: log.line, concurrency }));
  }
  return functions;
}

function invoker(functions: ReadonlyMap<string, LocalFunction>, happenings: Happenings) {
  return async (functionArn: string, event: unknown): Promise<InvocationAnswer> => {
    const target = functions.get(functionArn);
    if (!target) throw new Error(`The stack has no function ${functionArn}.`);
    const answer = await target.invoke(event);
    if (!answer.ok) {
      const { errorType, errorMessage } = answer.error;
      happenings.add({ kind: "function-error", functionName: target.model.name, errorType, errorMessage });
    }
    return answer;
  };
}

async function temporaryFolder(cleanUp: (() => Promise<unknown>)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "genesys-local-"));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
