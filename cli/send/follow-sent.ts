import { UsageError } from "../../contract/command-error.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { logsOf } from "../events/logs-of.ts";
import { Progress } from "../progress.ts";
import { MOST_FOLLOWED, SentOutcomes } from "./outcomes.ts";

interface FollowOptions {
  readonly url?: string;
  /** Seconds; `true`: {@link WAIT_SECONDS}. */
  readonly wait?: number | true;
}

/** `--wait` gives up then. */
export const WAIT_SECONDS = 120;
/** So many are told one by one; and unasked, where that costs nothing. */
export const FEW = 10;
const IDS_MILLISECONDS = 3_000;

/** Where what becomes of the events is asked for, or costs nothing to tell. */
export async function followed(
  context: Context,
  { url, wait }: FollowOptions,
  count: number,
): Promise<SentOutcomes | undefined> {
  if (wait === undefined && (url !== undefined || count > FEW)) return undefined;
  if (url !== undefined) {
    throw new UsageError(
      "Nobody here knows what becomes of an event that goes to --url.",
      "Leave --wait out.",
    );
  }
  if (count > MOST_FOLLOWED) {
    throw new UsageError(`--wait follows ${MOST_FOLLOWED} events at most.`, "Send fewer, or leave it out.");
  }
  const environment = await context.environment();
  if (wait === undefined && environment.kind === "deployed") return undefined;
  const outcomes = new SentOutcomes(logsOf(environment), (text) => context.output.note(text));
  await outcomes.begun;
  return outcomes;
}

/** Until all is over, where that was asked for; otherwise for a moment, until ids are known. */
export async function waitFor(
  { output, signal }: Context,
  { wait }: FollowOptions,
  outcomes: SentOutcomes | undefined,
  accepted: number,
): Promise<void> {
  if (outcomes === undefined) return;
  if (wait === undefined) return outcomes.wait("known", IDS_MILLISECONDS, () => {}, signal);
  const seconds = wait === true ? WAIT_SECONDS : wait;
  const progress = new Progress("done", accepted);
  await outcomes
    .wait("over", seconds * 1_000, (count) => progress.update(count), signal)
    .finally(() => progress.stop());
  const left = outcomes.all.filter(
    (history) => history === undefined || history.outcome === "waiting",
  ).length;
  if (left > 0)
    output.note(
      `${counted(left, "event is", "events are")} not done after ${seconds} s: events list shows them.`,
    );
}
