import { createHistogram } from "node:perf_hooks";
import { isAccepted, type SendOutcome } from "./target.ts";

/** What came of all that was sent. */
export interface SendReport {
  /** Events. */
  readonly sent: number;
  readonly accepted: number;
  readonly notAccepted: number;
  /** Requests by how they were answered; with --retry there are more of them than events. */
  readonly answers: Readonly<Record<string, number>>;
  /** From a request's start to the end of its answer. */
  readonly latencyMilliseconds: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly seconds: number;
  readonly perSecond: number;
}

/** Counts answers and takes times. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #microseconds = createHistogram();
  readonly #answers = new Map<SendOutcome, number>();
  #accepted = 0;
  #settled = 0;

  /** One request and its answer. */
  answered(answer: SendOutcome, milliseconds: number): void {
    this.#microseconds.record(Math.max(1, Math.round(milliseconds * 1_000)));
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
  }

  /** One event, with its last answer. */
  settled(answer: SendOutcome): void {
    this.#settled++;
    if (isAccepted(answer)) this.#accepted++;
  }

  get settledCount(): number {
    return this.#settled;
  }

  report(): SendReport {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    const nothing = this.#microseconds.count === 0;
    const time = (microseconds: number) => (nothing ? 0 : Math.round(microseconds / 100) / 10);
    return {
      sent: this.#settled,
      accepted: this.#accepted,
      notAccepted: this.#settled - this.#accepted,
      answers: Object.fromEntries([...this.#answers].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))),
      latencyMilliseconds: {
        p50: time(this.#microseconds.percentile(50)),
        p99: time(this.#microseconds.percentile(99)),
        max: time(this.#microseconds.max),
      },
      seconds: Math.round(seconds * 100) / 100,
      perSecond: Math.round((this.#settled / seconds) * 10) / 10,
    };
  }
}
