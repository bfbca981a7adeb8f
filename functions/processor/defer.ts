import { logMessages } from "../../contract/log-messages.ts";

import { changeVisibility } from "./change-visibility.ts";
import { isLastReceive, type RecordContext, type Result, receivedAt } from "./record-context.ts";
import { requeue } from "./requeue.ts";
import { pauseSeconds } from "./retry-later.ts";

/** What an operator opened may stay open for long: look again now and then, at the price of a receive. */
const LONGEST_SECONDS = 300;

/**
 * Why an event gets no attempt now: the breaker is open, or another invocation is at it, whose success or failure
 * decides.
 */
type DeferReason = "breaker-open" | "in-progress";

const messages: Readonly<Record<DeferReason, string>> = {
  "breaker-open": logMessages.deferred,
  "in-progress": logMessages.inProgress,
};

/** Leaves an event for later without an attempt. */
export async function defer(context: RecordContext, reason: DeferReason): Promise<Result> {
  const seconds = reason === "breaker-open" ? secondsUntilProbe(context) : Math.max(1, pauseSeconds(context));
  if (isLastReceive(context)) return requeue(context, seconds, { deferred: reason });
  const visibility = await changeVisibility(context, seconds);
  context.ports.logger.info(messages[reason], { ...context.logFields, ...visibility });
  return { kind: "again", deferred: true, ...receivedAt(context) };
}

function secondsUntilProbe({ ports }: RecordContext): number {
  const seconds = Math.ceil((Date.parse(ports.breaker.nextProbeAt ?? "") - ports.now().getTime()) / 1000);
  return Number.isNaN(seconds) ? LONGEST_SECONDS : Math.min(Math.max(1, seconds), LONGEST_SECONDS);
}
