import { Histories } from "../events/histories.ts";
import type { EventHistory } from "../events/history.ts";
import type { LogLine, LogSource } from "../events/log-source.ts";
import { readLine } from "../events/read-line.ts";
import type { Step } from "../events/step.ts";
import { pause } from "../pause.ts";

/** Events that one look can follow. */
export const MOST_FOLLOWED = 20_000;

/** How far an event has to have come. `known`: its id is. `over`: it is delivered, a duplicate, or a dead letter. */
type Stage = "known" | "over";

const LOOK_EVERY_MILLISECONDS = 200;

/**
 * What becomes of events that are being sent, out of the functions' logs. Begins to follow them at once: an event may be
 * delivered before its sender has its answer.
 */
export class SentOutcomes {
  readonly #source: LogSource;
  readonly #histories = new Histories({ most: MOST_FOLLOWED });
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  readonly #begun: Promise<void>;
  readonly #note: (text: string) => void;
  /** What each event's id contains, and how many with the same were accepted before: the same bytes may come again. */
  readonly #sent: { readonly mark: string; readonly before: number }[] = [];
  readonly #counts = new Map<string, number>();
  /** By the mark that they contain, an id for each arrival that the log tells of. */
  readonly #arrivals = new Map<string, string[]>();

  /** @param note told what hinders the look */
  constructor(source: LogSource, note: (text: string) => void) {
    this.#source = source;
    this.#note = note;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#begun = promise;
    this.#following = this.#follow(resolve).finally(resolve);
  }

  /** @param mark what the id of an accepted event contains, and that of no other */
  accepted(mark: string): void {
    const before = this.#counts.get(mark) ?? 0;
    this.#counts.set(mark, before + 1);
    this.#sent.push({ mark, before });
  }

  /**
   * Waits until all that was accepted has come so far, and no longer than given.
   *
   * @param onProgress told how many have
   * @param signal ends the waiting
   */
  async wait(
    stage: Stage,
    milliseconds: number,
    onProgress: (count: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const until = Date.now() + milliseconds;
    for (;;) {
      const count = this.all.filter((history) => hasCome(history, stage)).length;
      onProgress(count);
      if (count === this.#sent.length || Date.now() >= until || signal.aborted) return;
      await pause(LOOK_EVERY_MILLISECONDS, signal);
    }
  }

  /** Of all that was accepted, in the order of their answers; nothing for one that no log has told of yet. */
  get all(): readonly (EventHistory | undefined)[] {
    return this.#sent.map(({ mark, before }) => {
      const id = this.#arrivals.get(mark)?.[before];
      return id === undefined ? undefined : this.#histories.get(id);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("Nobody waits any more."));
    await this.#following;
  }

  /** Resolves when nothing that is sent from then on is missed. */
  get begun(): Promise<void> {
    return this.#begun;
  }

  async #follow(onBegun: () => void): Promise<void> {
    try {
      for await (const line of this.#source.follow({}, this.#stop.signal, onBegun)) {
        if ("note" in line) this.#note(line.note);
        else this.#take(line);
      }
    } catch (error) {
      this.#note(`What became of the events could not be followed: ${(error as Error).message}`);
    }
  }

  #take(line: LogLine): void {
    for (const eventStep of readLine(line)) {
      const { event, step } = eventStep;
      const mark = markOf(event.id);
      if (mark === undefined) continue;
      this.#histories.add(eventStep);
      const arrivals = this.#arrivals.get(mark) ?? [];
      if (isArrival(step, event.id, arrivals)) this.#arrivals.set(mark, [...arrivals, event.id]);
    }
  }
}

/** Of an id: what its sender knows of it, its bytes' hash, or what EventBridge has called it. */
function markOf(id: string): string | undefined {
  return /^eventbridge\|[^~]+~/.exec(id)?.[0] ?? /~[0-9a-f]+$/.exec(id)?.[0];
}

/** Whether a line tells of one request more. EventBridge's events have none: an id of theirs comes once. */
function isArrival(step: Step, id: string, arrivals: readonly string[]): boolean {
  if (id.startsWith("eventbridge|")) return !arrivals.includes(id);
  return step.function === "receiver" && ["accepted", "spilled", "dead"].includes(step.kind);
}

function hasCome(history: EventHistory | undefined, stage: Stage): boolean {
  if (history === undefined) return false;
  return stage === "known" || ["delivered", "duplicate", "dead"].includes(history.outcome);
}
