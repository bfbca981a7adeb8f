import { createHash } from "node:crypto";
import { defined } from "../../contract/defined.ts";
import type { Exchange, Outgoing } from "../../functions/destination/exchange.ts";
import type { DestinationResponse } from "../../functions/destination/response.ts";
import type { Caller } from "../aws/calls.ts";
import type { VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Trace } from "../trace.ts";

/** A request, as a script sees it. */
interface DestinationRequest {
  readonly method: "POST" | "HEAD";
  /** Of the event in it; undefined for a HEAD. */
  readonly eventType: string | undefined;
  /** Milliseconds since the run began. */
  readonly elapsed: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests under way, this one included. */
  readonly underWay: number;
}

/** What it does with one. `taken`: it has the event, whatever it answers, or when. @default a 2xx */
export type Behaviour =
  | {
      readonly status: number;
      readonly retryAfter?: string;
      readonly milliseconds?: number;
      readonly taken?: boolean;
    }
  /** Resets the connection; `taken` where it had the event by then. */
  | { readonly reset: true; readonly milliseconds?: number; readonly taken?: boolean }
  /** Never answers. */
  | { readonly hang: true; readonly taken?: boolean };

export type Script = (request: DestinationRequest, random: Random) => Behaviour;

/** One event's deliveries, as the destination counts them. */
export interface Account {
  requests: number;
  taken: number;
  readonly keys: Set<string>;
  readonly statuses: Set<number | "reset" | "none">;
  readonly requestedAt: number[];
  firstTakenAt: number | undefined;
}

const LATENCY = { least: 20, most: 80 } as const;

/** The system behind: answers by its script, and keeps the books of what it was sent. */
export class SimulatedDestination {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #script: Script;
  /** By the bytes' hash: the destination cannot be told by keys which events are the same. */
  readonly accounts = new Map<string, Account>();
  readonly bodyByKey = new Map<string, Set<string>>();
  requests = 0;
  #underWay = 0;

  constructor(clock: VirtualClock, random: Random, trace: Trace, script: Script) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
    this.#script = script;
  }

  exchange(caller: Caller): Exchange {
    return (outgoing) =>
      new Promise((resolve, reject) => {
        if (!caller.alive) return;
        const state = { open: true };
        const end = (finish: () => void) => {
          if (!state.open || !caller.alive) return;
          state.open = false;
          finish();
        };
        outgoing.signal.addEventListener(
          "abort",
          () => end(() => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }))),
          { once: true },
        );
        // It may die, or give up, while the request is on its way: the destination has it all the same.
        this.#clock.after(this.#random.between(1, 5), () =>
          this.#take(outgoing, caller, end, resolve, reject),
        );
      });
  }

  #take(
    outgoing: Outgoing,
    caller: Caller,
    end: (finish: () => void) => void,
    resolve: (response: DestinationResponse) => void,
    reject: (error: unknown) => void,
  ): void {
    this.#underWay++;
    const { method, headers, bytes } = outgoing;
    const behaviour = this.#script(
      {
        method,
        eventType: headers["x-event-type"],
        elapsed: this.#clock.elapsed,
        headers,
        underWay: this.#underWay,
      },
      this.#random,
    );
    const milliseconds =
      "milliseconds" in behaviour && behaviour.milliseconds !== undefined
        ? behaviour.milliseconds
        : this.#random.between(LATENCY.least, LATENCY.most);
    const status = "status" in behaviour ? behaviour.status : "reset" in behaviour ? "reset" : "none";
    if (method === "POST") this.#note(outgoing, behaviour, status, bytes ?? Buffer.alloc(0));
    this.#trace.add(
      "destination",
      `${method} ${headers["x-event-id"]?.slice(0, 8) ?? ""} ${status} for ${caller.name}`,
    );
    if ("hang" in behaviour) return; // it stays under way
    this.#clock.after(milliseconds, () => {
      this.#underWay--;
      end(() => {
        if ("reset" in behaviour) return reject(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
        const { retryAfter } = behaviour;
        resolve({
          status: behaviour.status,
          ...defined({ retryAfter }),
          excerpt: "",
        });
      });
    });
  }

  #note(outgoing: Outgoing, behaviour: Behaviour, status: number | "reset" | "none", bytes: Buffer): void {
    this.requests++;
    const body = hashOf(bytes);
    const key = outgoing.headers["idempotency-key"] ?? "";
    const account: Account = this.accounts.get(body) ?? {
      requests: 0,
      taken: 0,
      keys: new Set(),
      statuses: new Set(),
      requestedAt: [],
      firstTakenAt: undefined,
    };
    this.accounts.set(body, account);
    account.requests++;
    account.keys.add(key);
    account.requestedAt.push(this.#clock.now);
    account.statuses.add(status);
    const bodies = this.bodyByKey.get(key) ?? new Set();
    this.bodyByKey.set(key, bodies.add(body));
    const succeeds = typeof status === "number" && status >= 200 && status <= 299;
    if (!(behaviour.taken ?? succeeds)) return;
    account.taken++;
    account.firstTakenAt ??= this.#clock.now;
  }
}

export function hashOf(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
