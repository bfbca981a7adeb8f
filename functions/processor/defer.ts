import type { DeferReason } from "../../contract/log-fields.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { changeVisibility } from "./change-visibility.ts";
import { isLastReceive, type RecordContext, type Result, receivedAt } from "./record-context.ts";
import { requeue } from "./requeue.ts";
import { pauseSeconds } from "./retry-later.ts";

/** What an operator opened may stay open for long: look again now and then, at the price of a receive. */
const LONGEST_SECONDS = 300;

const messages: Readonly<Record<DeferReason, string>> = {
  "breaker-open": logMessages.deferred,
  "in-progress": logMessages.inProgress,
  "no-time": logMessages.notReached,
};

/** Leaves an event for later without an attempt. */
export async function defer(context: RecordContext, reason: DeferReason): Promise<Result> {
  const seconds = secondsOf(context, reason);
  if (isLastReceive(context)) return requeue(context, seconds, { deferred: reason });
  const visibility = await changeVisibility(context, seconds);
  context.ports.logger.info(messages[reason], { ...context.logFields, ...visibility });
  return { kind: "again", deferred: true, ...receivedAt(context) };
}

function secondsOf(context: RecordContext, reason: DeferReason): number {
  switch (reason) {
    case "breaker-open":
      return secondsUntilProbe(context);
    case "in-progress":
      return Math.max(1, pauseSeconds(context));
    case "no-time":
      return 0;
  }
}

function secondsUntilProbe({ ports }: RecordContext): number {
  const seconds = Math.ceil((Date.parse(ports.breaker.nextProbeAt ?? "") - ports.now().getTime()) / 1000);
  return Number.isNaN(seconds) ? LONGEST_SECONDS : Math.min(Math.max(1, seconds), LONGEST_SECONDS);
}
