import type { ClientBounds } from "../../functions/runtime/clients.ts";
import type { VirtualClock } from "../clock.ts";
import type { Fault, Faults } from "../faults.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";
import { AwsError, isFromAws, retryKind } from "./errors.ts";

/** Who calls: an execution environment, which may die at any moment, or a service, which does not. */
export interface Caller {
  readonly name: string;
  readonly alive: boolean;
  /** How many Lambda → SQS → Lambda hops lie behind what is being done: the trace header's lineage. */
  readonly hops: number;
  die(why: string): void;
}

/** What a service does with a call. Its effect is there when it returns, or when its promise resolves. */
export type Operation = (name: string, input: never, caller: Caller) => unknown;

/** Milliseconds that a call takes, there and back, when nothing is wrong. */
const LATENCY = { least: 4, most: 14 } as const;

/**
 * How the SDK's standard mode tries again, in the version that is deployed: exponential with full jitter, out of a
 * quota that a client has for itself. What is spent comes back with successes, so a service that is down for long
 * is not asked twice.
 * node_modules/@smithy/core/dist-es/submodules/retry/util-retry/{StandardRetryStrategy,retries-2026-config}.js
 */
const RETRIES = {
  quota: 500,
  transient: { cost: 14, baseMilliseconds: 50 },
  throttling: { cost: 5, baseMilliseconds: 1_000 },
  longestMilliseconds: 20_000,
} as const;

/** What a client may still spend on trying again. */
export interface RetryQuota {
  tokens: number;
}

export function retryQuota(): RetryQuota {
  return { tokens: RETRIES.quota };
}

interface Command {
  readonly input: object;
}

/** A client of the SDK's shape. */
export interface ModelClient {
  send(command: Command, options?: { readonly abortSignal?: AbortSignal }): Promise<never>;
  destroy(): void;
  /** By these, libraries tell a client of the SDK from anything else. */
  readonly config: object;
  readonly middlewareStack: { identify(): readonly string[]; addRelativeTo(): void };
}

/**
 * Calls to AWS as the SDK makes them: each takes a while, may fail, may take effect after its caller has given
 * up or has died, and is tried again as often as the client's bounds say.
 */
export class AwsCalls {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #trace: Trace;
  readonly #latency: { readonly least: number; readonly most: number };

  /** @param milliseconds that each call takes, there and back. @default each another time */
  constructor(clock: VirtualClock, random: Random, faults: Faults, trace: Trace, milliseconds?: number) {
    this.#clock = clock;
    this.#random = random;
    this.#faults = faults;
    this.#trace = trace;
    this.#latency = milliseconds === undefined ? LATENCY : { least: milliseconds, most: milliseconds };
  }

  client(service: string, caller: Caller, bounds: ClientBounds, operate: Operation): ModelClient {
    const quota = retryQuota();
    return {
      send: (command, options) => {
        const operation = command.constructor.name.replace(/Command$/, "");
        return this.call(
          { service, operation, input: command.input, caller, bounds, operate, quota },
          options?.abortSignal,
        );
      },
      destroy() {},
      config: {},
      middlewareStack: { identify: () => [], addRelativeTo: () => {} },
    };
  }

  call(call: Call, signal?: AbortSignal): Promise<never> {
    return new Promise((resolve, reject) => {
      const state = { open: true };
      const end = (finish: () => void) => {
        if (!state.open || !call.caller.alive) return; // what is dead hears no answer
        state.open = false;
        finish();
      };
      const abort = () =>
        end(() => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" })));
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      this.#attempt(
        call,
        { number: 1, paid: 1 },
        state,
        (value) => end(() => resolve(value as never)),
        (error) => end(() => reject(error)),
      );
    });
  }

  #attempt(
    call: Call,
    attempt: { readonly number: number; readonly paid: number },
    state: { readonly open: boolean },
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const { service, operation, caller, bounds, quota } = call;
    if (!state.open || !caller.alive) return;
    const fault = this.#faults.draw(service, operation, caller);
    if (fault !== undefined) this.#trace.add(caller.name, `${service}.${operation} fault ${fault.kind}`);
    const timeout = this.#clock.after(bounds.attemptMilliseconds, () =>
      failed(new AwsError("TimeoutError", "No answer in time", 0)),
    );
    let answered = false;
    const answer = (finish: () => void) => {
      if (answered) return;
      answered = true;
      timeout.cancelled = true;
      finish();
    };
    const failed = (error: unknown) =>
      answer(() => {
        const kind = retryKind(error);
        if (kind === undefined || attempt.number >= bounds.attempts || !state.open) return reject(error);
        const { cost, baseMilliseconds } = RETRIES[kind];
        if (quota.tokens < cost) return reject(error);
        quota.tokens -= cost;
        const longest = Math.min(RETRIES.longestMilliseconds, baseMilliseconds * 2 ** (attempt.number - 1));
        const next = { number: attempt.number + 1, paid: cost };
        this.#clock.after(Math.floor(this.#random.next() * longest), () =>
          this.#attempt(call, next, state, resolve, reject),
        );
      });
    const succeeded = (value: unknown) =>
      answer(() => {
        quota.tokens = Math.min(RETRIES.quota, quota.tokens + attempt.paid);
        resolve(value);
      });
    this.#travel(call, fault, succeeded, failed);
  }

  /** There, the effect, and back again. */
  #travel(
    call: Call,
    fault: Fault | undefined,
    resolve: (value: unknown) => void,
    failed: (error: unknown) => void,
  ): void {
    const { caller } = call;
    const latency =
      this.#random.between(this.#latency.least, this.#latency.most) + (fault?.delayMilliseconds ?? 0);
    switch (fault?.kind) {
      case "kill-before":
        caller.die(`before ${call.service}.${call.operation}`);
        return;
      case "hang":
        return;
      case "fail":
        return void this.#clock.after(latency, () =>
          failed(new AwsError("InternalError", "Internal error", 500)),
        );
      case "throttle":
        return void this.#clock.after(latency, () =>
          failed(new AwsError("ThrottlingException", "Rate exceeded", 400, { throttling: true })),
        );
      case "refuse":
        return void this.#clock.after(latency, () =>
          failed(new AwsError("ServiceUnavailable", "The service is unavailable", 503)),
        );
    }
    this.#clock.after(latency / 2, () => {
      const back = (finish: () => void) => {
        if (fault?.kind === "kill-after") return caller.die(`after ${call.service}.${call.operation}`);
        if (fault?.kind !== "drop") this.#clock.after(latency / 2, finish);
      };
      try {
        const result = call.operate(call.operation, call.input as never, caller);
        if (result instanceof Promise) {
          result.then(
            (value) => back(() => resolve(value)),
            (error: unknown) => back(() => failed(error)),
          );
        } else back(() => resolve(result));
      } catch (error) {
        if (!isFromAws(error)) throw error; // out of the clock's run: a handler must not take it for AWS's
        back(() => failed(error));
      }
    });
  }
}

export interface Call {
  /** `sqs` */
  readonly service: string;
  /** `SendMessage` */
  readonly operation: string;
  readonly input: object;
  readonly caller: Caller;
  readonly bounds: ClientBounds;
  readonly operate: Operation;
  readonly quota: RetryQuota;
}
