import type { Message } from "@aws-sdk/client-sqs";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { pause } from "../pause.ts";
import { type DeadLetter, readDeadLetter } from "./dead-letter.ts";
import type { Filter } from "./filter.ts";
import { sweepParked } from "./parked.ts";
import { type SweepResult, sweep, whatIsLate } from "./sweep.ts";

/** How often what somebody else hides is looked for again. A run of recovery looks for a moment, as a rule. */
export const TRIES = 5;
export const BETWEEN_TRIES_MILLISECONDS = 1_000;

export interface Look extends SweepResult {
  /** Those that were chosen, the one that died first coming first. */
  readonly deadLetters: readonly DeadLetter[];
  /** How many were looked at, chosen or not. */
  readonly lookedAt: number;
}

/**
 * Looks at all dead letters, on their queue and parked, and says on stderr what it could not see.
 *
 * @param keep told each chosen message with what was read of it
 * @param patient whether it looks again for some seconds where nothing is chosen and somebody else hides some
 * @throws the signal's reason when it is interrupted: half a look is none
 */
export async function look(
  context: Context,
  filter: Filter | undefined,
  keep: (message: Message, deadLetter: DeadLetter) => Promise<void> | void = () => {},
  { patient = false } = {},
): Promise<Look> {
  const { clients, outputs } = await context.environment();
  const progress = context.output.progress("dead letters seen", 0);
  const deadLetters: DeadLetter[] = [];
  const nothing = new Set<string>();
  const seen = new Set<string>();
  const visit = async (messages: readonly Message[]) => {
    for (const message of messages) {
      const deadLetter = readDeadLetter(message);
      // One that was parked as its run was killed lies in both places.
      if (seen.has(deadLetter.messageId)) continue;
      seen.add(deadLetter.messageId);
      if (filter !== undefined && !filter(deadLetter)) continue;
      deadLetters.push(deadLetter);
      await keep(message, deadLetter);
    }
    return nothing;
  };
  const sqs = await clients.sqs();
  const lookOnce = () =>
    sweep(sqs, outputs.deadLetterQueueUrl, visit, {
      signal: context.signal,
      onSeen: (seen, about) => progress.update(seen, about),
    });
  let result: SweepResult;
  try {
    result = await lookOnce();
    for (let tries = 1; patient && tries < TRIES && deadLetters.length === 0; tries++) {
      if (result.there <= result.seen || context.signal.aborted) break;
      await pause(BETWEEN_TRIES_MILLISECONDS, context.signal);
      result = await lookOnce();
    }
    await sweepParked(context, async (messages) => {
      await visit(messages);
      progress.update(seen.size);
      return nothing;
    });
  } finally {
    progress.stop();
  }
  context.signal.throwIfAborted();
  for (const line of whatIsMissing(result)) context.output.note(line);
  deadLetters.sort((a, b) => (a.diedAt < b.diedAt ? -1 : 1));
  return { ...result, deadLetters, lookedAt: seen.size };
}

/** What a person must know before taking a sweep for the whole truth. */
function whatIsMissing({ hiddenByOthers, complete, seen, late, lateSeconds }: SweepResult): string[] {
  return [
    hiddenByOthers > 0 &&
      `About ${counted(hiddenByOthers, "more is", "more are")} hidden: somebody else, recovery for one, is looking there now.`,
    !complete &&
      `Only ${counted(seen, "has", "have")} been looked at: there are more than can be seen at once.`,
    late > 0 && whatIsLate(late, lateSeconds),
  ].filter((line) => line !== false);
}
