import { defined } from "../../contract/defined.ts";
import type { BreakerStatus } from "../breaker/status.ts";
import { readBreaker } from "../breaker/status.ts";
import { whenProbed } from "../breaker/words.ts";
import type { Context } from "../context.ts";
import type { DeadLetter } from "../dlq/dead-letter.ts";
import { hasId } from "../dlq/filter.ts";
import { look } from "../dlq/look.ts";
import type { EventHistory, Next } from "./history.ts";

/** What stands in the queues and in the state table now, beside what the log says. Nothing is touched. */
export interface Present {
  /** Of this event, on their queue or parked. */
  readonly deadLetters: readonly DeadLetter[];
  readonly breaker?: BreakerStatus;
}

/** @param id as it was given, where the log knows no such event */
export async function lookAtPresent(
  context: Context,
  id: string,
  history: EventHistory | undefined,
): Promise<Present> {
  const outcome = history?.outcome;
  if (outcome === "delivered" || outcome === "duplicate") return { deadLetters: [] };
  const meant = history?.event.id ?? id;
  const { deadLetters } = await look(context, (deadLetter) => hasId(deadLetter, meant));
  if (outcome !== "waiting" && outcome !== "parked") return { deadLetters };
  return { deadLetters, breaker: await readBreaker(await context.environment()) };
}

/** What happens next, as the log and the present tell together. */
export function nextNow(
  { outcome, next, steps }: EventHistory,
  { breaker, deadLetters }: Present,
  now: number,
): Next {
  const [deadLetter] = deadLetters;
  if (outcome === "waiting" && deadLetter !== undefined) {
    return {
      what: "recovery",
      sentence: `It is a dead letter meanwhile (${deadLetter.class}): recovery redrives it, or genesys-dlq dlq redrive.`,
    };
  }
  if (outcome !== "waiting" || breaker === undefined) return next;
  if (breaker.status === "open") {
    const probed = whenProbed(breaker, now);
    const when =
      breaker.by === "operator"
        ? "A person has opened the breaker: it waits until genesys-dlq breaker close."
        : `The breaker is open: it waits until deliveries succeed again; next probe ${probed ?? "unknown"}.`;
    const at = breaker.nextProbeAt;
    return {
      what: breaker.by === "operator" ? "person" : "probe",
      ...(at === undefined || breaker.by === "operator" ? {} : { at }),
      sentence: when,
    };
  }
  if (next.what !== "probe") return next;
  const last = steps.findLast(({ pauseSeconds }) => pauseSeconds !== undefined);
  const { at = "", pauseSeconds = 0 } = last ?? {};
  const when = last && new Date(Date.parse(at) + pauseSeconds * 1_000).toISOString();
  return {
    what: "attempt",
    ...defined({ at: when }),
    sentence: `The breaker is ${breaker.status}: it is tried when the queue shows it again${when === undefined ? ", within minutes" : `, at ${when}`}.`,
  };
}
