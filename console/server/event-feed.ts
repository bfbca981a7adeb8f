import { Histories } from "../../cli/events/histories.ts";
import type { EventHistory } from "../../cli/events/history.ts";
import type { LogSource } from "../../cli/events/log-source.ts";
import { readLine } from "../../cli/events/read-line.ts";
import { isMeant } from "../../contract/event/identity.ts";
import type { ErrorInfo } from "../api.ts";
import { toErrorInfo } from "./error-info.ts";

/** Events that are kept; those that are delivered are forgotten before others. */
const MOST_EVENTS = 5_000;
/** What is looked back over as the feed begins, where a look costs nothing. */
const LOOK_BACK_MILLISECONDS = 3_600_000;

/** Events as their functions' logs tell of them, live from the moment that somebody asks. */
export class EventFeed {
  readonly #source: LogSource;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  readonly #histories = new Histories({ most: MOST_EVENTS });
  #since: string | undefined;
  #error: ErrorInfo | undefined;
  /** The last one first, as long as nothing has come since. */
  #sorted: readonly EventHistory[] | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(source: LogSource, signal: AbortSignal, onChange: () => void) {
    this.#source = source;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  get about(): string {
    return this.#source.about;
  }

  /** Since when nothing is missing: ISO 8601, UTC. */
  get since(): string | undefined {
    return this.#since;
  }

  get error(): ErrorInfo | undefined {
    return this.#error;
  }

  get forgotten(): number {
    return this.#histories.forgotten;
  }

  /** Begins to follow the logs, unless it does so already. @param back whether a look back costs nothing */
  begin(back: boolean): void {
    if (this.#since !== undefined) return;
    const now = Date.now();
    this.#since = new Date(back ? now - LOOK_BACK_MILLISECONDS : now).toISOString();
    this.#error = undefined;
    const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
    const following = this.#follow(onBegun).finally(onBegun);
    // First followed, then looked back: a line that both tell is one, and none is told by neither.
    const lookingBack = back ? begun.then(() => this.#lookBack(now)) : undefined;
    this.#ended = Promise.all([following, lookingBack]).then(
      () => undefined,
      (error: unknown) => {
        this.#error = toErrorInfo(error);
        this.#since = undefined; // whoever asks next begins anew
        this.#onChange();
      },
    );
  }

  /** The one that came last first. */
  get events(): readonly EventHistory[] {
    this.#sorted ??= [...this.#histories.all()].sort((one, other) => (cameAt(one) < cameAt(other) ? 1 : -1));
    return this.#sorted;
  }

  /** One event, out of what is known already. */
  known(id: string): EventHistory | undefined {
    return this.events.find(({ event }) => isMeant(event.id, id));
  }

  /** One event, out of the logs: where it is deployed, that costs. @throws what the service throws */
  async lookFor(id: string, from: number): Promise<EventHistory | undefined> {
    const found = new Histories({ most: 100 });
    for await (const line of this.#source.query({ from, to: Date.now() + 1_000 }, { id }, this.#signal)) {
      for (const step of readLine(line)) if (isMeant(step.event.id, id)) found.add(step);
    }
    const [first] = found.all();
    return first;
  }

  atRest(): Promise<void> {
    return this.#ended;
  }

  async #follow(onBegun: () => void): Promise<void> {
    for await (const line of this.#source.follow({}, this.#signal, onBegun)) {
      if ("note" in line) continue; // it goes on by itself
      this.#add(line);
    }
  }

  async #lookBack(now: number): Promise<void> {
    if (this.#signal.aborted) return;
    const range = { from: now - LOOK_BACK_MILLISECONDS, to: Date.now() + 1_000 };
    for await (const line of this.#source.query(range, {}, this.#signal)) this.#add(line);
  }

  #add(line: Parameters<typeof readLine>[0]): void {
    const steps = readLine(line);
    if (steps.length === 0) return;
    for (const step of steps) this.#histories.add(step);
    this.#sorted = undefined;
    this.#onChange();
  }
}

function cameAt({ event, steps, lastAt }: EventHistory): string {
  return event.receivedAt ?? steps[0]?.at ?? lastAt;
}
