import { UsageError } from "../../contract/command-error.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { Exported, type Seen, seen } from "./exported.ts";
import type { Filter } from "./filter.ts";
import { linesOf } from "./lines.ts";
import { look } from "./look.ts";
import { existing, notMet } from "./not-met.ts";
import type { PlanResult } from "./plan.ts";
import { confirmPurge, notDeleted, remove } from "./purge.ts";
import { countUnseen } from "./unseen.ts";

/**
 * Deletes the dead letters that an export holds, by what they are and not by what they have in common: none goes
 * that the file would not bring back, and none that has come since.
 *
 * @throws {UsageError} where a filter is given too, or there is no such file
 */
export async function purgeExported(
  context: Context,
  file: string,
  filter: Filter | undefined,
  name: string | undefined,
): Promise<number> {
  if (filter !== undefined) {
    throw new UsageError(
      "--exported says which dead letters, and so does a filter.",
      "Give one of the two: an export of those that a filter chooses holds no others.",
    );
  }
  const exported = await Exported.read(await linesOf(file));
  const there: Seen[] = [];
  const looked = await look(context, undefined, (message) => void there.push(seen(message)));
  const plan = exported.among(there);
  const unseen = await countUnseen(context, looked);
  if (plan.size > 0) {
    const warning = `This deletes ${counted(plan.size, "dead letter")} for good, which ${file} holds.`;
    await confirmPurge(context, warning, name);
  }
  const { done, undeleted, gone, hidden, left: notReached } = await remove(context, plan);
  const { withoutEvent, unreadable } = exported;
  const left = { notThere: exported.size - plan.size, undeleted, withoutEvent, unreadable, unseen };
  const missed = { gone, hidden, left: notReached };
  await context.output.result({ purged: done, ...left, ...existing(missed) }, () =>
    [
      `${counted(done, "dead letter")} deleted, which ${file} holds.`,
      ...whatIsLeft({ ...left, ...missed }),
    ].join("\n"),
  );
  const wanting = undeleted + hidden + withoutEvent + unreadable.length + Math.min(left.notThere, unseen);
  return wanting > 0 ? exitCodes.attention : exitCodes.done;
}

interface Left extends Pick<PlanResult, "undeleted" | "gone" | "hidden" | "left"> {
  /** In the file, and not among those that were seen on the queue. */
  readonly notThere: number;
  /** In the file without their events. */
  readonly withoutEvent: number;
  readonly unreadable: readonly number[];
  /** On the queue, and not seen. */
  readonly unseen: number;
}

function whatIsLeft({ notThere, undeleted, withoutEvent, unreadable, unseen, ...others }: Left): string[] {
  return [
    notThere > 0 &&
      `${counted(notThere, "was", "were")} not to be seen there: ${unseen > 0 ? "hidden, or redriven since" : "redriven or deleted since"}.`,
    ...notDeleted(undeleted),
    ...notMet(others),
    withoutEvent > 0 &&
      `${counted(withoutEvent, "stays: its event lies", "stay: their events lie")} in the overflow bucket, and the file does not have it.`,
    unreadable.length > 0 && `No export wrote ${counted(unreadable.length, "line")} of the file.`,
  ].filter((line) => line !== false);
}
