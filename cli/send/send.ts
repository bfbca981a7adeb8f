import { pause } from "../pause.ts";
import type { Events } from "./events.ts";
import { type SendReport, Tally } from "./tally.ts";
import { isAccepted, type SendOutcome, type Sent, type Target } from "./target.ts";

/** How a sender tries again: as Genesys' Open Messaging does, by default. */
interface Retries {
  readonly attempts: number;
  readonly pauseSeconds: number;
}

export interface SendOptions {
  /** Events under way at a time. */
  readonly concurrency: number;
  /** Events a second, at most. @default as fast as answers come */
  readonly rate?: number;
  /** @default one attempt */
  readonly retries?: Retries;
  readonly onSettled: (count: number) => void;
  /** Told of each event that was accepted what its id contains. */
  readonly onAccepted?: (mark: string) => void;
  /** No event is begun any more; those that are under way get their answer. */
  readonly signal: AbortSignal;
}

/** Sends events, and counts what comes of them. */
export async function sendAll(target: Target, events: Events, options: SendOptions): Promise<SendReport> {
  const tally = new Tally();
  const startedAt = performance.now();
  let next = 0;
  const sender = async () => {
    while (next < events.count) {
      const index = next++;
      const due = options.rate === undefined ? 0 : startedAt + (index * 1_000) / options.rate;
      if (!(await waited(due - performance.now(), options.signal))) return;
      const { answer, mark } = await sendOne(target, events.at(index), options, tally);
      tally.settled(answer);
      if (isAccepted(answer) && mark !== undefined) options.onAccepted?.(mark);
      options.onSettled(tally.settledCount);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, events.count) }, sender));
  return tally.report();
}

/** @returns the last answer */
async function sendOne(
  target: Target,
  event: Buffer,
  { retries, signal }: SendOptions,
  tally: Tally,
): Promise<Sent> {
  for (let attempt = 1; ; attempt++) {
    const startedAt = performance.now();
    const sent = await target.send(event);
    tally.answered(sent.answer, performance.now() - startedAt);
    if (!isWorthAnother(sent.answer) || attempt >= (retries?.attempts ?? 1)) return sent;
    if (!(await waited((retries?.pauseSeconds ?? 0) * 1_000, signal))) return sent;
  }
}

function isWorthAnother(answer: SendOutcome): boolean {
  return typeof answer === "string" || answer === 429 || answer >= 500;
}

/** @returns false where the wait was cut short */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await pause(milliseconds, signal);
  return !signal.aborted;
}
