import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { showAgain } from "../../contract/dead-letter-queue.ts";
import { receiveMessages } from "../../contract/queue-batch.ts";
import { counted } from "../counted.ts";
import { type QueueDepth, readDepth } from "./depth.ts";

export interface SweepOptions {
  /** Stops the sweep; what it holds is shown again all the same. */
  readonly signal: AbortSignal;
  /** Messages taken at a time, ten at most. @default 10 */
  readonly batch?: number;
  /** Receives under way at a time. @default 4 */
  readonly receivers?: number;
  /** False ends the sweep early: whatever was looked for has been found. */
  readonly wantsMore?: () => boolean;
  /** Told after every receive. */
  readonly onSeen?: (seen: number, about: number) => void;
}

export interface SweepResult {
  /** Different messages seen. */
  readonly seen: number;
  /** Messages that the queue had as it began, hidden ones included, as SQS approximates it. */
  readonly there: number;
  /** Messages that somebody else was looking at as it began: hidden, and so not among those seen. */
  readonly hiddenByOthers: number;
  /** Whether the whole queue has been seen, but for those. */
  readonly complete: boolean;
  /** Messages that could not be shown again at once; they come back by themselves after so many seconds. */
  readonly late: number;
  readonly lateSeconds: number;
}

/** @returns the ids of those that it has deleted; the others are shown again at the end */
export type Visit = (messages: readonly Message[]) => Promise<ReadonlySet<string>>;

/** SQS hides about 120,000 messages of a queue at most; some of that is left to the others who use it. */
const MOST_HELD = 100_000;
/** How long a killed command leaves messages hidden. The bigger the queue, the longer a look takes. */
const visibilitySeconds = (depth: QueueDepth) => Math.min(3_600, 60 + Math.ceil(depth.visible / 20));

/**
 * Visits every visible message of a queue once. Each one is hidden until the sweep has come to its end, or it
 * would come again and again, and shown then at once: looking takes nothing. A receive counts, but the
 * dead-letter queue has no redrive policy that would count them; `readDepth` sees to that.
 *
 * @throws what SQS throws, after showing again what it holds
 */
export async function sweep(
  sqs: SQSClient,
  queueUrl: string,
  visit: Visit,
  options: SweepOptions,
): Promise<SweepResult> {
  const depth = await readDepth(sqs, queueUrl);
  const { signal, batch = 10, receivers = 4, wantsMore = () => true, onSeen } = options;
  const hideSeconds = visibilitySeconds(depth);
  /** Receipt handles by message id; the latest one counts. */
  const held = new Map<string, string>();
  const seen = new Set<string>();
  let seenAgain = 0;
  let complete = true;
  let failed = false;
  let late = 0;

  const look = async () => {
    while (!failed && wantsMore()) {
      // One that comes back before the end has been seen already; a whole round of those leads nowhere.
      if (signal.aborted || held.size >= MOST_HELD || seenAgain > held.size + 10) {
        complete = false;
        return;
      }
      // Never aborted half-way: the messages of an answer that nobody reads would be hidden all the same.
      const messages = await receiveMessages(sqs, queueUrl, { hideSeconds, count: batch });
      if (messages.length === 0) return;
      const fresh = messages.filter(({ MessageId: id = "" }) => !seen.has(id));
      seenAgain = fresh.length > 0 ? 0 : seenAgain + messages.length;
      for (const { MessageId: id = "", ReceiptHandle: handle = "" } of messages) {
        seen.add(id);
        held.set(id, handle);
      }
      if (fresh.length > 0) for (const id of await visit(fresh)) held.delete(id);
      onSeen?.(seen.size, depth.visible);
    }
  };

  try {
    const ends = await Promise.allSettled(
      Array.from({ length: receivers }, () =>
        look().catch((error: unknown) => {
          failed = true;
          throw error;
        }),
      ),
    );
    const broken = ends.find((end) => end.status === "rejected");
    if (broken) throw broken.reason;
  } finally {
    late = await showAgain(sqs, queueUrl, [...held.values()]);
  }
  return {
    seen: seen.size,
    there: depth.visible + depth.hidden,
    hiddenByOthers: depth.hidden,
    complete,
    late,
    lateSeconds: hideSeconds,
  };
}

export function whatIsLate(late: number, seconds: number): string {
  return `${counted(late, "message")} could not be shown again at once: SQS shows what is hidden within ${seconds} s.`;
}
