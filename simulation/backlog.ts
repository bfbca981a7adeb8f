import { readParkedKey } from "../contract/parked.ts";
import type { Pipeline } from "./pipeline.ts";
import type { SentEvent } from "./world/genesys.ts";

/** How events waited for their delivery. Times are seconds since the run began. */
export interface BacklogFigures {
  /** Acknowledged events that the destination did not have yet: the most at a time. */
  readonly most: number;
  /** Of them, in the bucket: looked at once a minute. */
  readonly mostParked: number;
  /** The end of the longest time in which the destination took nothing. */
  readonly resumedAt: number;
  /** How many waited then, and how long the oldest of them had. */
  readonly atResume: number;
  readonly oldestSeconds: number;
  /** When a hundredth of these was left, of those that came meanwhile too; null: never. */
  readonly goneAt: number | null;
}

/** What is left of a backlog that counts as gone: a few are always on their way. */
const LEFT = 0.01;

/** Counts, minute by minute, what is parked, and at the end what has waited. */
export class Backlog {
  readonly #pipeline: Pipeline;
  readonly #sent: readonly SentEvent[];
  readonly #beganAt: number;
  #mostParked = 0;

  constructor(pipeline: Pipeline, sent: readonly SentEvent[]) {
    this.#pipeline = pipeline;
    this.#sent = sent;
    this.#beganAt = pipeline.clock.now;
    pipeline.clock.every(60_000, () => {
      let parked = 0;
      for (const [key] of pipeline.bucket.all()) parked += readParkedKey(key)?.count ?? 0;
      this.#mostParked = Math.max(this.#mostParked, parked);
    });
  }

  figures(): BacklogFigures {
    const came = this.#times(({ acknowledgedAt }) => acknowledgedAt);
    const taken = this.#times(({ hash, acknowledgedAt }) =>
      acknowledgedAt === undefined ? undefined : this.#takenAt(hash),
    );
    const resumedAt = endOfLongestGap(taken);
    let [most, atResume, arrived] = [0, 0, 0];
    let goneAt: number | null = null;
    taken.forEach((at, before) => {
      while (arrived < came.length && (came[arrived] ?? 0) <= at) arrived++;
      const waiting = arrived - before;
      most = Math.max(most, waiting);
      if (at === resumedAt && atResume === 0) atResume = waiting;
      if (goneAt === null && atResume > 0 && waiting - 1 <= atResume * LEFT) goneAt = at;
    });
    const oldest = this.#sent
      .filter(({ hash }) => (this.#takenAt(hash) ?? Number.POSITIVE_INFINITY) >= this.#ofRun(resumedAt))
      .reduce((least, { sentAt }) => Math.min(least, sentAt), Number.POSITIVE_INFINITY);
    return {
      most,
      mostParked: this.#mostParked,
      resumedAt,
      atResume,
      oldestSeconds: resumedAt - (oldest - this.#beganAt) / 1_000,
      goneAt,
    };
  }

  #takenAt(hash: string): number | undefined {
    return this.#pipeline.destination.accounts.get(hash)?.firstTakenAt;
  }

  #ofRun(seconds: number): number {
    return this.#beganAt + seconds * 1_000;
  }

  /** In their order. */
  #times(of: (event: SentEvent) => number | undefined): number[] {
    return this.#sent
      .flatMap((event) => of(event) ?? [])
      .map((at) => (at - this.#beganAt) / 1_000)
      .sort((one, other) => one - other);
  }
}

function endOfLongestGap(times: readonly number[]): number {
  let [end, longest] = [0, 0];
  times.forEach((at, index) => {
    const gap = at - (times[index - 1] ?? 0);
    if (gap > longest) [end, longest] = [at, gap];
  });
  return end;
}
