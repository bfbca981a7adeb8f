import type { EventHistory, Outcome } from "./history.ts";
import type { EventIdentity, EventStep, Step, StepKind } from "./step.ts";
import { mergeIdentity, tellHistory } from "./tell-history.ts";
import { inOrder } from "./way.ts";

export interface HistoriesOptions {
  /** Events that are kept at most. */
  readonly most?: number;
  /** Whether an event that is over may be forgotten before others where there are too many. */
  readonly isWanted?: (history: EventHistory) => boolean;
}

/** Bounded: a history of a few steps takes about a kilobyte. */
const MOST_EVENTS = 20_000;
/** An event that fails for four days with 15 minutes between has 400 steps. */
const MOST_STEPS = 200;
const FIRST_STEPS = 40;
/** Forgotten at once, so that forgetting costs little. */
const FORGOTTEN_SHARE = 1 / 2;

/** What may be left out of the middle of a long way: the outcome does not hang on it. */
const repetitive: readonly StepKind[] = ["failed", "deferred", "duplicate", "told"];

interface Entry {
  event: EventIdentity;
  readonly steps: Map<string, Step>;
  omitted: number;
}

/**
 * Histories out of lines in any order, each line as often as it comes. However many events there are, no more than
 * `most` are kept: those that are not wanted or are over go first, then those that have been quiet for longest.
 */
export class Histories {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;
  readonly #isWanted: (history: EventHistory) => boolean;
  /** Events that were forgotten, because there were too many. */
  forgotten = 0;

  constructor({ most = MOST_EVENTS, isWanted = () => true }: HistoriesOptions = {}) {
    this.#most = most;
    this.#isWanted = isWanted;
  }

  get size(): number {
    return this.#entries.size;
  }

  add({ event, step }: EventStep): void {
    const entry = this.#entries.get(event.id);
    if (entry === undefined) {
      if (this.#entries.size >= this.#most) this.#forget();
      this.#entries.set(event.id, { event, steps: new Map([[JSON.stringify(step), step]]), omitted: 0 });
      return;
    }
    entry.event = mergeIdentity(entry.event, event);
    entry.steps.set(JSON.stringify(step), step);
    if (entry.steps.size > MOST_STEPS) leaveOut(entry);
  }

  get(id: string): EventHistory | undefined {
    const entry = this.#entries.get(id);
    return entry && told(entry);
  }

  /** Of all events that are known, in no order. */
  *all(): Generator<EventHistory> {
    for (const entry of this.#entries.values()) yield told(entry);
  }

  #forget(): void {
    const ranked = [...this.all()]
      .map((history) => ({ history, wanted: this.#isWanted(history) }))
      .sort((one, other) => rank(one) - rank(other) || (one.history.lastAt < other.history.lastAt ? -1 : 1));
    for (const { history } of ranked.slice(0, Math.max(1, Math.ceil(this.#most * FORGOTTEN_SHARE)))) {
      this.#entries.delete(history.event.id);
      this.forgotten++;
    }
  }
}

const over: readonly Outcome[] = ["delivered", "duplicate"];

function rank({ history, wanted }: { readonly history: EventHistory; readonly wanted: boolean }): number {
  const isOver = over.includes(history.outcome);
  return (wanted ? 2 : 0) + (isOver ? 0 : 1);
}

function told({ event, steps, omitted }: Entry): EventHistory {
  return tellHistory(event, steps.values(), omitted);
}

function leaveOut(entry: Entry): void {
  const ordered = inOrder(entry.steps.values());
  const middle = ordered.slice(FIRST_STEPS, ordered.length - FIRST_STEPS);
  const step = middle.find(({ kind }) => repetitive.includes(kind)) ?? middle[0];
  if (step === undefined) return;
  entry.steps.delete(JSON.stringify(step));
  entry.omitted++;
}
