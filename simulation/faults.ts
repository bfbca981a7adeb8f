import type { Random } from "./random.ts";

/**
 * What can go wrong with one call: its caller is killed before or after it took effect; its answer is dropped, so
 * that it took effect and nobody knows; it fails, is throttled, hangs, or takes long (and may then take effect
 * after its caller has given up). `refuse`: the service is down, and says so.
 */
type FaultKind = "kill-before" | "kill-after" | "drop" | "fail" | "throttle" | "delay" | "hang" | "refuse";

export interface Fault {
  readonly kind: FaultKind;
  /** Beside the usual latency. */
  readonly delayMilliseconds?: number;
}

/** A time in which a service does not do its work. */
interface Outage {
  /** `sqs`; every one of its calls. */
  readonly service: string;
  /** Milliseconds since the run began. */
  readonly from: number;
  readonly to: number;
  readonly how: "refuse" | "hang" | "fail";
  /** Those that are not done, as a policy refuses some. @default all */
  readonly operations?: readonly string[];
}

export interface FaultPlan {
  /** Of all calls, how many meet a fault of their own: 0 to 1. */
  readonly rate: number;
  /** Those that are drawn from. @default all */
  readonly kinds?: readonly FaultKind[];
  /** The services whose calls meet them. @default all */
  readonly services?: readonly string[];
  readonly outages?: readonly Outage[];
}

const ALL: readonly FaultKind[] = ["kill-before", "kill-after", "drop", "fail", "throttle", "delay", "hang"];
/** Longer than any client's attempt: the call takes effect when nobody waits for it any more. */
const LONGEST_DELAY_MILLISECONDS = 6_000;

interface FaultyCaller {
  readonly alive: boolean;
  /** A service of AWS's own is never killed. */
  readonly mortal?: boolean;
}

/** Decides, by the seed, which calls meet a fault. */
export class Faults {
  readonly #plan: FaultPlan;
  readonly #random: Random;
  readonly #elapsed: () => number;
  #drawn = 0;

  constructor(plan: FaultPlan, random: Random, elapsed: () => number) {
    this.#plan = plan;
    this.#random = random;
    this.#elapsed = elapsed;
  }

  /** How many calls have met one. */
  get count(): number {
    return this.#drawn;
  }

  draw(service: string, operation: string, _caller: FaultyCaller): Fault | undefined {
    const at = this.#elapsed();
    const outage = this.#plan.outages?.find(
      (each) =>
        each.service === service &&
        at >= each.from &&
        at < each.to &&
        each.operations?.includes(operation) !== false,
    );
    if (outage !== undefined) return { kind: outage.how };
    if (this.#plan.services?.includes(service) === false) return undefined;
    if (this.#plan.rate === 0 || !this.#random.chance(this.#plan.rate)) return undefined;
    this.#drawn++;
    const kinds = this.#plan.kinds ?? ALL;
    const kind = kinds[this.#random.integer(0, kinds.length - 1)] ?? "fail";
    return kind === "delay"
      ? { kind, delayMilliseconds: this.#random.between(200, LONGEST_DELAY_MILLISECONDS) }
      : { kind };
  }
}
