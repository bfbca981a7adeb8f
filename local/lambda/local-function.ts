import { randomUUID } from "node:crypto";
import type { FunctionModel } from "../stack/model.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";
import { failureLines } from "./failure-lines.ts";
import { exited, type FunctionError, type InvocationResult } from "./invocation-result.ts";
import { type Concurrency, InvocationSlots } from "./invocation-slots.ts";
import { type CloudEndpoint, variables } from "./variables.ts";

export interface LocalFunctionOptions {
  /** The folder of the unpacked code. */
  readonly task: string;
  readonly cloud: CloudEndpoint;
  /** Every line that the function writes. */
  readonly onLine: (line: string) => void;
  /** Told what the team's own code has thrown at an event. */
  readonly onHandlerFailure?: (eventId: string, error: FunctionError) => void;
  /**
   * This machine's counterpart of an account's concurrency. Further invocations wait, where Lambda would throttle them:
   * one laptop has no thousand processes.
   */
  readonly concurrency: Concurrency;
}

interface InvocationIds {
  readonly functionArn: string;
  readonly requestId: string;
}

/** One function: every concurrent invocation in a process of its own. Idle processes are used again, and those that are of no more use ended. */
export class LocalFunction {
  readonly model: FunctionModel;
  readonly #options: LocalFunctionOptions;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();
  readonly #slots: InvocationSlots;
  #task: string;
  #stopped = false;

  constructor(model: FunctionModel, options: LocalFunctionOptions) {
    this.model = model;
    this.#options = options;
    this.#slots = new InvocationSlots(options.concurrency);
    this.#task = options.task;
  }

  /** The processes that exist now. */
  get processIds(): readonly number[] {
    return [...this.#idle, ...this.#busy].flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Invokes synchronously. Never rejects: whatever goes wrong is an answer.
   *
   * @param invocation under which ARN, where that names an alias, and which it is
   */
  async invoke(event: unknown, invocation: Partial<InvocationIds> = {}): Promise<InvocationResult> {
    const { functionArn = this.model.arn, requestId = randomUUID() } = invocation;
    await this.#slots.take();
    if (this.#stopped) {
      this.#slots.release();
      return exited(requestId, null, "SIGKILL");
    }
    const environment = this.#take();
    this.#busy.add(environment);
    try {
      const answer = await environment.invoke({ requestId, functionArn, event: JSON.stringify(event) });
      if (!answer.ok)
        for (const line of failureLines(requestId, answer.error)) this.#options.onLine(JSON.stringify(line));
      return answer;
    } finally {
      this.#putBack(environment);
    }
  }

  /** Has a process load the code before anybody asks: a cold start on a busy machine is longer than a sender waits. */
  async prepare(): Promise<void> {
    await this.#slots.take();
    if (this.#stopped) return this.#slots.release();
    const environment = this.#take();
    this.#busy.add(environment);
    try {
      await environment.prepare();
    } finally {
      this.#putBack(environment);
    }
  }

  /**
   * Kills one of the processes that are in the middle of an invocation, as a host that dies would; the
   * invocation is answered as a crash.
   *
   * @param random from 0 up to, but not including, 1: which one
   * @returns its id; nothing where no invocation is under way
   */
  crash(random: number): number | undefined {
    const busy = [...this.#busy];
    return busy[Math.floor(random * busy.length)]?.crash();
  }

  /** From now on, every invocation that begins runs the code in that folder; those that are running finish as they began. */
  useCode(task: string): void {
    this.#task = task;
    for (const environment of this.#idle.splice(0)) void environment.kill();
  }

  /** Ends every process; what was running is answered as a crash would be. Nothing is started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((environment) => environment.kill()));
  }

  #take(): ExecutionEnvironment {
    // The one that was used last: the others may be given up some day.
    for (let found = this.#idle.pop(); found !== undefined; found = this.#idle.pop()) {
      if (found.usable) return found;
    }
    const { model } = this;
    const options = this.#options;
    const task = this.#task;
    return new ExecutionEnvironment({
      task,
      handler: model.handler,
      memoryMegabytes: model.memoryMegabytes,
      timeoutSeconds: model.timeoutSeconds,
      variables: variables(model, task, options.cloud),
      context: {
        functionName: model.name,
        functionVersion: "$LATEST",
        memoryLimitInMB: String(model.memoryMegabytes),
        logGroupName: `/aws/lambda/${model.name}`,
        logStreamName: "local",
      },
      onLine: options.onLine,
      onHandlerFailure: options.onHandlerFailure ?? (() => {}),
    });
  }

  #putBack(environment: ExecutionEnvironment): void {
    this.#busy.delete(environment);
    this.#slots.release();
    const useful = this.#idle.length + this.#busy.size < this.#slots.useful;
    if (environment.task === this.#task && environment.usable && useful) this.#idle.push(environment);
    else void environment.kill();
  }
}
