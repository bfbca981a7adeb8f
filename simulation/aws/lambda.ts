import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import { AwsError } from "./errors.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";

/** What a handler may ask of its invocation. */
interface InvocationContext {
  readonly awsRequestId: string;
  /** As it was invoked: with the alias, where one was named. */
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: never, context: InvocationContext) => Promise<unknown>;

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Other names of its one version: `<arn>:<alias>`. @default none */
  readonly aliases?: readonly string[];
  readonly timeoutSeconds: number;
  /** Taken out of the account's, and the most that the function gets. */
  readonly reservedConcurrency?: number;
  /** Whether Lambda lets a chain of its own through the queue go on: `recursive_loop = "Allow"`. */
  readonly allowsRecursion: boolean;
  /** What becomes of invocations that nobody waits for. */
  readonly asynchronous: { readonly maximumRetryAttempts: number; readonly maximumEventAgeSeconds: number };
  /** Loads the code in a new execution environment: what it keeps in memory is that one's alone. */
  readonly load: (environment: ExecutionEnvironment) => Handler;
}

export type Invocation =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "throttled" };

/** Is told of every invocation: CloudWatch for one. */
type InvocationListener = (functionName: string, result: Invocation["kind"], event: unknown) => void;

/** Of an account and region: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1_000;
const COLD_START_MILLISECONDS = { least: 120, most: 600 } as const;
/**
 * An environment that nobody uses is given up after some minutes, any other after some hours; AWS promises neither.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const IDLE_MILLISECONDS = { least: 5 * 60_000, most: 15 * 60_000 } as const;
const LIFE_MILLISECONDS = { least: 30 * 60_000, most: 4 * 3_600_000 } as const;
/**
 * Of invocations that nobody waits for: pauses before an event whose function failed is tried again, the first and
 * the longest pause while there is no concurrency for it, and how often one event is handed over twice.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const ASYNCHRONOUS = {
  retryMilliseconds: [60_000, 120_000],
  throttleMilliseconds: { first: 1_000, longest: 300_000 },
  duplicateRate: 1 / 5_000,
} as const;

interface Sandbox {
  readonly environment: ExecutionEnvironment;
  readonly handler: Handler;
  readonly endsAt: number;
  idleSince: number;
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
  readonly #idle = new Map<string, Sandbox[]>();
  readonly #running = new Map<string, number>();
  readonly #busy = new Map<string, number>();
  readonly #taken = new Map<string, number>();
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

  /** Somebody takes so much of the concurrency of the function whose name ends so; of the account's, for `""`. */
  takeConcurrency(ending: string, taken: number): void {
    this.#taken.set(ending, taken);
    this.#trace.add("lambda", `${taken} of the concurrency of ${ending || "the account"} taken`);
  }

  /** @throws {AwsError} where there is no such function */
  find(nameOrArn: string): FunctionDefinition {
    const found =
      this.#functions.get(nameOrArn) ??
      [...this.#functions.values()].find(({ arn, aliases = [] }) =>
        ["", ...aliases.map((alias) => `:${alias}`)].some((suffix) => arn + suffix === nameOrArn),
      );
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
    if (!this.#hasRoomFor(definition)) return this.#told(definition, event, { kind: "throttled" });
    this.#count(definition, 1);
    try {
      return this.#told(definition, event, await this.#run(definition, event, hops, name));
    } finally {
      this.#count(definition, -1);
    }
  }

  /**
   * An invocation that nobody waits for. A function that fails is tried again as often as its settings say, one that
   * is throttled for as long as they say; now and then an event comes twice.
   */
  invokeLater(name: string, event: unknown, hops = 0): void {
    const { maximumRetryAttempts, maximumEventAgeSeconds } = this.find(name).asynchronous;
    const until = this.#clock.now + maximumEventAgeSeconds * 1000;
    const { retryMilliseconds, throttleMilliseconds, duplicateRate } = ASYNCHRONOUS;
    const attempt = (failures: number, throttles: number) => (): void => {
      void this.invoke(name, event, hops).then(({ kind }) => {
        if (kind === "returned" || (kind === "failed" && failures >= maximumRetryAttempts)) return;
        const { first, longest } = throttleMilliseconds;
        const pause =
          kind === "failed"
            ? (retryMilliseconds[Math.min(failures, 1)] ?? 0)
            : Math.min(longest, first * 2 ** throttles) * this.#random.between(0.5, 1);
        if (this.#clock.now + pause > until) return;
        const next = kind === "failed" ? attempt(failures + 1, 0) : attempt(failures, throttles + 1);
        this.#clock.after(pause, next);
      });
    };
    const times = this.#random.chance(duplicateRate) ? 2 : 1;
    for (let i = 0; i < times; i++) this.#clock.after(this.#random.between(5, 40), attempt(0, 0));
  }

  /** A reservation is that function's alone; all others share what is left of the account's. */
  #hasRoomFor({ name, reservedConcurrency }: FunctionDefinition): boolean {
    const running = this.#running.get(name) ?? 0;
    for (const [ending, taken] of this.#taken)
      if (ending !== "" && name.endsWith(ending) && running >= ACCOUNT_CONCURRENCY - taken) return false;
    if (reservedConcurrency !== undefined) return running < reservedConcurrency;
    let room = (this.#options.concurrency ?? ACCOUNT_CONCURRENCY) - (this.#taken.get("") ?? 0);
    for (const each of this.#functions.values())
      room -= each.reservedConcurrency ?? this.#running.get(each.name) ?? 0;
    return room > 0;
  }

  #count({ name }: FunctionDefinition, more: 1 | -1): void {
    this.#running.set(name, (this.#running.get(name) ?? 0) + more);
  }

  #told(definition: FunctionDefinition, event: unknown, result: Invocation): Invocation {
    this.#options.onInvocation(definition.name, result.kind, event);
    return result;
  }

  async #run(
    definition: FunctionDefinition,
    event: unknown,
    hops: number,
    name: string,
  ): Promise<Invocation> {
    const sandbox = this.#warm(definition) ?? (await this.#start(definition));
    if ("kind" in sandbox) return sandbox;
    const { environment, endsAt } = sandbox;
    environment.hops = hops;
    const startedAt = this.#clock.now;
    const result = await this.#handle(definition, sandbox, event, name);
    const busy = this.#busy.get(definition.name) ?? 0;
    this.#busy.set(definition.name, busy + this.#clock.now - startedAt);
    if (!environment.alive) return result;
    if (this.#clock.now < endsAt) {
      sandbox.idleSince = this.#clock.now;
      this.#idle.get(definition.name)?.push(sandbox);
    } else environment.die("recycled");
    return result;
  }

  /** What the handler returns, or throws, or does not come to, because its environment dies or its time is up. */
  #handle(
    { timeoutSeconds, arn }: FunctionDefinition,
    { environment, handler }: Sandbox,
    event: unknown,
    invokedAs: string,
  ): Promise<Invocation> {
    const deadline = this.#clock.now + timeoutSeconds * 1000;
    const context: InvocationContext = {
      awsRequestId: `request-${++this.#requests}`,
      invokedFunctionArn: invokedAs.startsWith(arn) ? invokedAs : arn,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - this.#clock.now)),
    };
    if (!environment.alive) {
      this.#trace.add(environment.name, "died at its start");
      return Promise.resolve({ kind: "failed", error: "died at its start" });
    }
    return new Promise((resolve) => {
      const timer = this.#clock.after(timeoutSeconds * 1000, () => environment.die("timed out"));
      const end = (finished: Invocation) => {
        timer.cancelled = true;
        environment.onDeath = () => {};
        resolve(finished);
      };
      environment.onDeath = (why) => {
        this.#trace.add(environment.name, `died: ${why}`);
        end({ kind: "failed", error: why });
      };
      const handled = this.#clock.skewed(environment.skewMilliseconds, async () =>
        handler(event as never, context),
      );
      handled.then(
        (value) => environment.alive && end({ kind: "returned", value }),
        (error: unknown) => environment.alive && end({ kind: "failed", error: String(error) }),
      );
    });
  }

  /** One that has run before, the latest first. Some have died since, or have been given up. */
  #warm({ name }: FunctionDefinition): Sandbox | undefined {
    const idle = this.#idle.get(name) ?? [];
    const patience = this.#random.between(IDLE_MILLISECONDS.least, IDLE_MILLISECONDS.most);
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      if (!found.environment.alive) continue;
      if (this.#clock.now - found.idleSince < patience) return found;
      found.environment.die("given up");
    }
    return undefined;
  }

  /** A new one. Where the code does not load, the invocation fails, and the next begins with another. */
  async #start(definition: FunctionDefinition): Promise<Sandbox | Invocation> {
    const skew = this.#options.skewMilliseconds ?? 0;
    const environment = new ExecutionEnvironment(
      definition.name,
      ++this.#environments,
      Math.round(this.#random.between(-skew, skew)),
    );
    await this.#clock.sleep(
      this.#random.between(COLD_START_MILLISECONDS.least, COLD_START_MILLISECONDS.most),
    );
    try {
      const handler = this.#clock.skewed(environment.skewMilliseconds, () => definition.load(environment));
      const life = this.#random.between(LIFE_MILLISECONDS.least, LIFE_MILLISECONDS.most);
      return { environment, handler, endsAt: this.#clock.now + life, idleSince: this.#clock.now };
    } catch (error) {
      environment.die("did not load");
      this.#trace.add(environment.name, `did not load: ${error}`);
      return { kind: "failed", error: String(error) };
    }
  }
}
