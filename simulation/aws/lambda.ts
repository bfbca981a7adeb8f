import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import type { Caller } from "./calls.ts";
import { AwsError } from "./errors.ts";

/** What a handler may ask of its invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: never, context: InvocationContext) => Promise<unknown>;

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency?: number;
  /** Whether Lambda lets a chain of its own through the queue go on: `recursive_loop = "Allow"`. */
  readonly allowsRecursion: boolean;
  /** Loads the code in a new execution environment: what it keeps in memory is that one's alone. */
  readonly load: (environment: ExecutionEnvironment) => Handler;
}

export type Invocation =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "throttled" };

/** What CloudWatch is told of an invocation. */
export type InvocationListener = (functionName: string, result: Invocation["kind"]) => void;

/** Of an account and region: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const ACCOUNT_CONCURRENCY = 1_000;
const COLD_START_MILLISECONDS = { least: 120, most: 600 } as const;
/** An environment that nobody uses is given up after some minutes, any other after some hours. */
const IDLE_MILLISECONDS = { least: 5 * 60_000, most: 15 * 60_000 } as const;
const LIFE_MILLISECONDS = { least: 30 * 60_000, most: 4 * 3_600_000 } as const;

/** One sandbox: the memory of one loaded handler, which dies as a whole. */
export class ExecutionEnvironment implements Caller {
  readonly name: string;
  readonly functionName: string;
  /** By how much its clock is ahead, milliseconds. */
  readonly skewMilliseconds: number;
  alive = true;
  /** Of the event that it is at. */
  hops = 0;
  /** Called when it dies; set while an invocation runs. */
  onDeath: (why: string) => void = () => {};

  constructor(functionName: string, number: number, skewMilliseconds: number) {
    this.functionName = functionName;
    this.name = `${functionName}/${number}`;
    this.skewMilliseconds = skewMilliseconds;
  }

  die(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.onDeath(why);
  }
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly handler: Handler;
  readonly since: number;
  readonly bornAt: number;
}

export interface LambdaOptions {
  readonly concurrency?: number;
  /** Clocks of environments differ by this at most, milliseconds. */
  readonly skewMilliseconds?: number;
  readonly onInvocation: InvocationListener;
}

/** Lambda: execution environments that are started, kept, recycled and killed; concurrency, timeouts. */
export class Lambda {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #options: LambdaOptions;
  readonly #functions = new Map<string, FunctionDefinition>();
  readonly #idle = new Map<string, Idle[]>();
  readonly #running = new Map<string, number>();
  readonly #busy = new Map<string, number>();
  #inUse = 0;
  #environments = 0;
  #requests = 0;

  constructor(clock: VirtualClock, random: Random, trace: Trace, options: LambdaOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
    this.#options = options;
  }

  add(definition: FunctionDefinition): void {
    this.#functions.set(definition.name, definition);
    this.#idle.set(definition.name, []);
    this.#running.set(definition.name, 0);
  }

  /** @throws {AwsError} where there is no such function */
  find(nameOrArn: string): FunctionDefinition {
    const found =
      this.#functions.get(nameOrArn) ?? [...this.#functions.values()].find(({ arn }) => arn === nameOrArn);
    if (found === undefined) throw new AwsError("ResourceNotFoundException", "Function not found", 404);
    return found;
  }

  /** How long the function whose name ends so has been at work, all of its environments together. */
  busyMilliseconds(ending: string): number {
    return [...this.#busy].reduce(
      (sum, [name, milliseconds]) => (name.endsWith(ending) ? sum + milliseconds : sum),
      0,
    );
  }

  /** @param hops that lie behind the event */
  async invoke(name: string, event: unknown, hops = 0): Promise<Invocation> {
    const definition = this.find(name);
    const running = this.#running.get(definition.name) ?? 0;
    const limit = definition.reservedConcurrency ?? Number.POSITIVE_INFINITY;
    if (this.#inUse >= (this.#options.concurrency ?? ACCOUNT_CONCURRENCY) || running >= limit)
      return this.#told(definition, { kind: "throttled" });
    this.#inUse++;
    this.#running.set(definition.name, running + 1);
    try {
      return this.#told(definition, await this.#run(definition, event, hops));
    } finally {
      this.#inUse--;
      this.#running.set(definition.name, (this.#running.get(definition.name) ?? 1) - 1);
    }
  }

  /** An invocation that nobody waits for: tried again only while it is throttled, and for `maximumAgeSeconds`. */
  invokeLater(name: string, event: unknown, maximumAgeSeconds = 60): void {
    const until = this.#clock.now + maximumAgeSeconds * 1000;
    const attempt = (): void => {
      void this.invoke(name, event).then((result) => {
        if (result.kind !== "throttled" || this.#clock.now >= until) return;
        this.#clock.after(this.#random.between(1_000, 5_000), attempt);
      });
    };
    this.#clock.after(this.#random.between(5, 40), attempt);
  }

  #told(definition: FunctionDefinition, result: Invocation): Invocation {
    this.#options.onInvocation(definition.name, result.kind);
    return result;
  }

  async #run(definition: FunctionDefinition, event: unknown, hops: number): Promise<Invocation> {
    const { environment, handler, bornAt } = await this.#environmentFor(definition);
    const startedAt = this.#clock.now;
    const deadline = startedAt + definition.timeoutSeconds * 1000;
    const context: InvocationContext = {
      awsRequestId: `request-${++this.#requests}`,
      getRemainingTimeInMillis: () => Math.max(0, deadline - this.#clock.now),
    };
    environment.hops = hops;
    const result = await new Promise<Invocation>((resolve) => {
      const timer = this.#clock.after(definition.timeoutSeconds * 1000, () => environment.die("timed out"));
      const end = (finished: Invocation) => {
        timer.cancelled = true;
        environment.onDeath = () => {};
        const busy = this.#busy.get(definition.name) ?? 0;
        this.#busy.set(definition.name, busy + this.#clock.now - startedAt);
        resolve(finished);
      };
      environment.onDeath = (why) => {
        this.#trace.add(environment.name, `died: ${why}`);
        end({ kind: "failed", error: why });
      };
      this.#clock.skewed(environment.skewMilliseconds, () =>
        handler(event as never, context).then(
          (value) => environment.alive && end({ kind: "returned", value }),
          (error: unknown) => environment.alive && end({ kind: "failed", error: String(error) }),
        ),
      );
    });
    if (
      environment.alive &&
      this.#clock.now - bornAt < this.#random.between(LIFE_MILLISECONDS.least, LIFE_MILLISECONDS.most)
    )
      this.#idle.get(definition.name)?.push({ environment, handler, since: this.#clock.now, bornAt });
    return result;
  }

  async #environmentFor(definition: FunctionDefinition): Promise<{
    readonly environment: ExecutionEnvironment;
    readonly handler: Handler;
    readonly bornAt: number;
  }> {
    const idle = this.#idle.get(definition.name) ?? [];
    const patience = this.#random.between(IDLE_MILLISECONDS.least, IDLE_MILLISECONDS.most);
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      if (this.#clock.now - found.since < patience) return found;
    }
    const skew = this.#options.skewMilliseconds ?? 0;
    const environment = new ExecutionEnvironment(
      definition.name,
      ++this.#environments,
      Math.round(this.#random.between(-skew, skew)),
    );
    await this.#clock.sleep(
      this.#random.between(COLD_START_MILLISECONDS.least, COLD_START_MILLISECONDS.most),
    );
    const handler = this.#clock.skewed(environment.skewMilliseconds, () => definition.load(environment));
    return { environment, handler, bornAt: this.#clock.now };
  }
}
