import type { Change } from "../api.ts";

/** Milliseconds within which the same change is told once: a page that asks more often sees no more. */
const PAUSE_MILLISECONDS = 250;

/** Tells pages what to ask for anew. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #timers = new Map<Change, NodeJS.Timeout>();

  /** Told at once, or a moment later together with those that come until then. */
  add(change: Change): void {
    if (this.#timers.has(change)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(change);
      for (const listener of [...this.#listeners]) listener(change);
    }, PAUSE_MILLISECONDS);
    timer.unref();
    this.#timers.set(change, timer);
  }

  /** @returns what takes the listener away again */
  on(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
