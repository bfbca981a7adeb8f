import type { BreakerEvent, BreakerState } from "../../contract/breaker.ts";
import { defined } from "../../contract/defined.ts";
import { type Evidence, noEvidence, noTally } from "../../contract/evidence.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { isToBlame, type Outage, outageIn, totalOf } from "../../contract/verdict.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import { ROW_MILLISECONDS } from "./evidence-update.ts";
import { Memory } from "./memory.ts";
import { type Observation, type Seen, seen, typeName } from "./observation.ts";
import { type BreakerItem, type BreakerStore, emptyItem } from "./store.ts";

/** How long a status is believed without asking again. */
const FRESH_MILLISECONDS = 5_000;
/**
 * Failures within the quarter of an hour at hand from which on back-offs are no longer hidden. As none is longer than
 * that by default, no more than twice as many are ever in flight, of which SQS takes 120,000.
 */
const MANY_FAILURES = 20_000;

export type BreakerStatus = BreakerState["status"];

/**
 * The breaker as the processor sees it: what it adds to the evidence of all, and what follows from that. A state
 * table out of reach counts as closed: events are then delivered with back-off alone, and nothing is lost by it.
 */
export class BreakerGuard {
  readonly #store: BreakerStore;
  readonly #failingEvents: number;
  readonly #callRecovery: () => Promise<void>;
  readonly #logger: EventLogger;
  readonly #memory = new Memory();
  #known: { readonly item: BreakerItem | undefined; readonly at: number } | undefined;
  #fresh: Seen[] = [];
  #flushing: Promise<void> = Promise.resolve();

  /**
   * @param failingEvents how many different events in a row make an outage
   * @param callRecovery asks recovery to act at once; it acts within the minute anyway
   */
  constructor(
    store: BreakerStore,
    failingEvents: number,
    callRecovery: () => Promise<void>,
    logger: EventLogger,
  ) {
    this.#store = store;
    this.#failingEvents = failingEvents;
    this.#callRecovery = callRecovery;
    this.#logger = logger;
  }

  /** Looks ahead of the first batch. @throws what DynamoDB throws: whoever needs the status asks again */
  async prepare(): Promise<void> {
    const item = await this.#store.look();
    if (this.#known === undefined) this.#remember(item);
  }

  /** The status now, at most a few seconds old. */
  async status(): Promise<BreakerStatus> {
    if (this.#known === undefined || Date.now() - this.#known.at >= FRESH_MILLISECONDS) {
      this.#remember(await this.#store.look().catch((error: unknown) => this.#outOfReach(error)));
    }
    return this.lastKnown;
  }

  /** What the last look or the last word said, without asking. */
  get lastKnown(): BreakerStatus {
    return this.#known?.item?.state.status ?? "closed";
  }

  /** ISO 8601, UTC; while it is open and not by an operator's hand. */
  get nextProbeAt(): string | undefined {
    return this.#known?.item?.state.nextProbeAt;
  }

  /** So many fail that their back-offs have to be spent elsewhere than in flight. */
  get manyFail(): boolean {
    return this.#evidence.failedNow >= MANY_FAILURES;
  }

  /** How an attempt ended. What may open or close the breaker is told at once, the rest with {@link flush}. */
  async observe(observation: Observation): Promise<void> {
    const { kind, isMistake = false, reason = "" } = observation;
    this.#fresh.push(seen(observation, Date.now()));
    const isHalfOpen = this.lastKnown === "half-open";
    if (kind === "succeeded") {
      if (isHalfOpen) await this.#close();
      return;
    }
    // Half-open, one failure is enough, of the kind that opened it: the delivery was the test.
    const { status } = observation;
    const isAlike = status !== undefined && status === this.#known?.item?.state.refusedWith;
    if (isHalfOpen && kind === "failed" && !isMistake) await this.#open(reason, {});
    else if (isHalfOpen && kind === "refused" && isAlike) await this.#open(reason, { refusedWith: status });
    else if (kind === "refused" || this.#isRow()) await this.flush();
  }

  /** Tells the others what was seen, where something fails; opens the breaker when all of it together is an outage. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  /** Whether it is the event's own fault that it failed: not while the destination may be down. */
  async isToBlame(eventType: string | undefined, attempts: number): Promise<boolean> {
    await this.flush();
    return isToBlame(this.#evidence, typeName(eventType), attempts, Date.now());
  }

  /** How attempts of a type have gone lately, and those of all others, for a log line. */
  lately(eventType: string | undefined): Readonly<Record<string, number>> {
    const { types } = this.#evidence;
    const own = types.get(typeName(eventType)) ?? noTally;
    const all = totalOf(types.values());
    return {
      type_succeeded: own.succeeded,
      type_failed: own.failed,
      others_succeeded: all.succeeded - own.succeeded,
      others_failed: all.failed - own.failed,
    };
  }

  get #evidence(): Evidence {
    return this.#known?.item?.evidence ?? this.#memory.evidence;
  }

  /** Whether what only this environment knows would be enough. */
  #isRow(): boolean {
    const marks = new Set(this.#fresh.flatMap(({ kind, mark }) => (kind === "failed" ? [mark] : [])));
    return marks.size >= this.#failingEvents && this.lastKnown !== "open";
  }

  async #flush(): Promise<void> {
    const fresh = this.#fresh.splice(0);
    if (fresh.length === 0) return;
    const now = Date.now();
    const { lastFailureAt = 0 } = this.#known?.item?.evidence ?? noEvidence;
    if (fresh.every(({ kind }) => kind === "succeeded") && now - lastFailureAt >= ROW_MILLISECONDS) {
      this.#memory.add(fresh, now);
      return;
    }
    const earlier = this.#memory.takeSuccesses(now);
    try {
      const item = this.#known?.item ?? emptyItem;
      this.#remember(await this.#store.add(item, { earlier, fresh }, this.#failingEvents, now));
    } catch (error) {
      this.#memory.add([...earlier, ...fresh], now);
      this.#remember(this.#outOfReach(error));
      return;
    }
    const outage = outageIn(this.#evidence, this.#failingEvents, now);
    if (outage === undefined || this.lastKnown === "open") return;
    await this.#open(fresh.findLast(({ reason }) => reason !== undefined)?.reason ?? "", outage);
  }

  /** By the delivery that half-open waits for. */
  async #close(): Promise<void> {
    const told = await this.#tell({ kind: "delivered" });
    if (told?.after.status !== "closed" || told.before.status === "closed") return; // somebody else was faster
    this.#logger.info(logMessages.breakerClosed, { reason: "An event was delivered." });
  }

  async #open(reason: string, { refusedWith, oldest, ...rest }: Partial<Outage>): Promise<void> {
    const why =
      refusedWith === undefined || rest.events === undefined
        ? reason
        : `The destination answered ${refusedWith} to ${rest.events} different events in a row.`;
    const oldestUndelivered = oldest === undefined ? undefined : new Date(oldest).toISOString();
    const told = await this.#tell({
      kind: "outage",
      reason: why,
      ...defined({ oldestUndelivered, refusedWith }),
    });
    if (told?.after.status !== "open" || told.before.status === "open") return; // somebody else was faster
    this.#logger.error(logMessages.breakerOpened, { reason: why, ...rest });
    await this.#callRecovery().catch((error: unknown) =>
      this.#logger.warn("Recovery could not be called and will come by itself", { reason: errorName(error) }),
    );
  }

  async #tell(event: BreakerEvent): Promise<Awaited<ReturnType<BreakerStore["tell"]>> | undefined> {
    try {
      const told = await this.#store.tell(event);
      const known = this.#known?.item ?? emptyItem;
      this.#remember({ ...known, state: told.after });
      return told;
    } catch (error) {
      this.#outOfReach(error);
      return undefined;
    }
  }

  #remember(item: BreakerItem | undefined): void {
    this.#known = { item, at: Date.now() };
  }

  #outOfReach(error: unknown): undefined {
    this.#logger.warn("The breaker's state is out of reach; delivering with back-off alone", {
      reason: errorName(error),
    });
  }
}
