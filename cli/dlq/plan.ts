import type { Message } from "@aws-sdk/client-sqs";
import type { DeadLetterOutcome } from "../../contract/dead-letter-queue.ts";
import type { Context } from "../context.ts";
import { pause } from "../pause.ts";
import { readDepth } from "./depth.ts";
import { BETWEEN_TRIES_MILLISECONDS, TRIES } from "./look.ts";
import { sweepParked } from "./parked.ts";
import { sweep, type Visit, whatIsLate } from "./sweep.ts";

export interface PlanResult {
  readonly done: number;
  /** SQS does not take them as they are; they stay. */
  readonly refused: number;
  /** Done with, but they could not be deleted, and stay: a second time does no harm. */
  readonly undeleted: number;
  /** Were not to be found any more: recovery, or another person, was faster. */
  readonly gone: number;
  /** Could not be seen, as far as SQS tells: somebody else was looking at them all the time. */
  readonly hidden: number;
  /** Not come to before it was interrupted. */
  readonly left: number;
}

/** What is done with one dead letter of a plan. */
export interface PlannedWork {
  /** With one on the queue: until it is deleted there. */
  readonly onQueue: (message: Message) => Promise<DeadLetterOutcome>;
  /** With a parked one, whose object is seen to. */
  readonly parked: (message: Message) => Promise<DeadLetterOutcome>;
}

export interface PlanOptions {
  /** For the bar: `redriven`. */
  readonly doing: string;
  /** Messages a second, at most. */
  readonly rate: number;
}

/**
 * Does something with each message of a plan: those, by message id, that were chosen when the dead letters were looked
 * at. What has come since is left for another time, so that an event that dies again at once goes round once.
 * After Ctrl-C the messages at hand are still seen to, and all others are shown again.
 *
 * @throws what SQS throws, the message at hand being where it was; done again, it goes on from there
 */
export async function carryOut(
  context: Context,
  plan: ReadonlySet<string>,
  work: PlannedWork,
  { doing, rate }: PlanOptions,
): Promise<PlanResult> {
  const { clients, outputs } = await context.environment();
  const { signal } = context;
  const outcomes: DeadLetterOutcome["kind"][] = [];
  const settled = new Set<string>();
  const tried = new Set<string>();
  const progress = context.output.progress(doing, plan.size);
  const visit = (act: PlannedWork["onQueue"]) => async (messages: readonly Message[]) => {
    // One that was parked as its run was killed lies in both places: done with once, it goes from the other.
    const deleted = new Set(messages.map(({ MessageId: id = "" }) => id).filter((id) => settled.has(id)));
    const chosen = messages.filter(({ MessageId: id = "" }) => plan.has(id) && !tried.has(id));
    for (const { MessageId: id = "" } of chosen) tried.add(id);
    const startedAt = performance.now();
    const ends = await Promise.allSettled(
      chosen.map(async (message) => {
        const { kind } = await act(message);
        outcomes.push(kind);
        if (kind === "done") {
          deleted.add(message.MessageId ?? "");
          settled.add(message.MessageId ?? "");
        }
        progress.update(outcomes.length);
      }),
    );
    const broken = ends.find((end) => end.status === "rejected");
    if (broken) throw broken.reason;
    await pause((chosen.length / rate) * 1000 - (performance.now() - startedAt), signal);
    return deleted;
  };
  const batch = Math.max(1, Math.min(10, Math.ceil(rate)));
  const wantsMore = () => outcomes.length < plan.size;
  const sqs = await clients.sqs();
  let hidden = 0;
  const goThrough = async () => {
    const { late, lateSeconds } = await sweep(sqs, outputs.deadLetterQueueUrl, visit(work.onQueue), {
      signal,
      receivers: 1,
      batch,
      wantsMore,
    });
    if (wantsMore()) await sweepParked(context, inBatches(visit(work.parked), batch, signal), wantsMore);
    if (late > 0) context.output.note(whatIsLate(late, lateSeconds));
    hidden = wantsMore() && !signal.aborted ? (await readDepth(sqs, outputs.deadLetterQueueUrl)).hidden : 0;
  };
  try {
    await goThrough();
    for (let tries = 1; hidden > 0 && tries < TRIES && !signal.aborted; tries++) {
      await pause(BETWEEN_TRIES_MILLISECONDS, signal);
      await goThrough();
    }
    progress.stop();
  } catch (error) {
    progress.stop();
    if (outcomes.length > 0)
      context.output.note(`Before that, ${doing}: ${outcomes.length} of ${plan.size}.`);
    throw error;
  }
  const count = (outcome: DeadLetterOutcome["kind"]) => outcomes.filter((each) => each === outcome).length;
  const missing = plan.size - outcomes.length;
  const unseen = signal.aborted ? 0 : Math.min(missing, hidden);
  return {
    done: count("done"),
    refused: count("refused"),
    undeleted: count("undeleted"),
    gone: signal.aborted ? 0 : missing - unseen,
    hidden: unseen,
    left: signal.aborted ? missing : 0,
  };
}

/** A parked object's messages, a few at a time; after Ctrl-C or an error what is done with still goes. */
function inBatches(visit: Visit, size: number, signal: AbortSignal): Visit {
  let broken: { readonly error: unknown } | undefined;
  return async (messages) => {
    const done = new Set<string>();
    if (broken !== undefined) throw broken.error;
    for (let at = 0; at < messages.length && !signal.aborted && broken === undefined; at += size) {
      try {
        for (const id of await visit(messages.slice(at, at + size))) done.add(id);
      } catch (error) {
        broken = { error };
        if (done.size === 0) throw error;
      }
    }
    return done;
  };
}
