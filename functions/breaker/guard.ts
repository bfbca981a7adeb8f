import type { BreakerEvent, BreakerState } from "../../contract/breaker.ts";
import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import { OutageWatch } from "./outage-watch.ts";
import type { BreakerStore } from "./store.ts";

/** How long a status is believed without asking again. */
const FRESH_MILLISECONDS = 5_000;

export type BreakerStatus = BreakerState["status"];

export interface FailedEvent {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly receivedAt?: string;
  readonly reason: string;
}

/**
 * The breaker as the processor sees it. A state table out of reach counts as closed: events are then
 * delivered with back-off alone, and nothing is lost by it.
 */
export class BreakerGuard {
  readonly #store: BreakerStore;
  readonly #watch: OutageWatch;
  readonly #callRecovery: () => Promise<void>;
  readonly #logger: EventLogger;
  #known: { readonly state: BreakerState | undefined; readonly at: number } | undefined;

  /** @param callRecovery asks recovery to act at once; it acts within the minute anyway. */
  constructor(
    store: BreakerStore,
    threshold: number,
    callRecovery: () => Promise<void>,
    logger: EventLogger,
  ) {
    this.#store = store;
    this.#watch = new OutageWatch(threshold);
    this.#callRecovery = callRecovery;
    this.#logger = logger;
  }

  /** The status now, at most a few seconds old. */
  async status(): Promise<BreakerStatus> {
    if (this.#known === undefined || Date.now() - this.#known.at >= FRESH_MILLISECONDS) {
      this.#remember(await this.#store.read().catch((error: unknown) => this.#outOfReach(error)));
    }
    return this.lastKnown;
  }

  /** What the last look or the last word said, without asking. */
  get lastKnown(): BreakerStatus {
    return this.#known?.state?.status ?? "closed";
  }

  /** ISO 8601, UTC; while it is open and not by an operator's hand. */
  get nextProbeAt(): string | undefined {
    return this.#known?.state?.nextProbeAt;
  }

  /** The destination has taken an event. */
  async delivered(): Promise<void> {
    this.#watch.reset();
    if (this.lastKnown === "half-open") await this.#tell({ kind: "delivered" });
  }

  /** A transient failure: the last straw may open the breaker. */
  async failed({ id, receivedAt, reason }: FailedEvent): Promise<void> {
    this.#watch.failed(id, receivedAt);
    const status = this.lastKnown;
    // Half-open, one failure is enough: the delivery was the test.
    if (status === "open" || (status === "closed" && !this.#watch.isOutage)) return;
    const oldestUndelivered = this.#watch.oldest;
    const after = await this.#tell({
      kind: "outage",
      reason,
      ...defined({ oldestUndelivered }),
    });
    if (after?.status !== "open") return;
    this.#logger.error(logMessages.breakerOpened, { reason });
    await this.#callRecovery().catch((error: unknown) =>
      this.#logger.warn("Recovery could not be called and will come by itself", { reason: errorName(error) }),
    );
  }

  async #tell(event: BreakerEvent): Promise<BreakerState | undefined> {
    try {
      const { after } = await this.#store.tell(event);
      this.#remember(after);
      return after;
    } catch (error) {
      this.#outOfReach(error);
      return undefined;
    }
  }

  #remember(state: BreakerState | undefined): void {
    // What failed before it changed says nothing about a destination that has come back since.
    if (state !== undefined && state.status !== this.lastKnown) this.#watch.reset();
    this.#known = { state, at: Date.now() };
  }

  #outOfReach(error: unknown): undefined {
    this.#logger.warn("The breaker's state is out of reach; delivering with back-off alone", {
      reason: errorName(error),
    });
  }
}
