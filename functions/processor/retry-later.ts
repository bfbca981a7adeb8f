import { defined } from "../../contract/defined.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { backOffSeconds } from "./back-off.ts";
import { changeVisibility } from "./change-visibility.ts";
import type { DeliveryOutcome } from "./classify.ts";
import { isLastReceive, type RecordContext, type Result, receivedAt } from "./record-context.ts";
import { requeue } from "./requeue.ts";

type FailedOutcome = Exclude<DeliveryOutcome, { class: "success" }>;

/**
 * Has the message come again at its next attempt. It is hidden until then, which is in flight; on its last receive,
 * and where so many fail that SQS would run out of that, it is sent anew instead.
 */
export async function retryLater(context: RecordContext, outcome: FailedOutcome): Promise<Result> {
  const { ports, logFields } = context;
  const { message } = outcome;
  const seconds = pauseSeconds(context, outcome.class === "transient" ? outcome.retryAfter : undefined);
  if (isLastReceive(context) || ports.breaker.manyFail)
    return requeue(context, seconds, { attempted: message });
  const visibility = await changeVisibility(context, seconds);
  ports.logger.warn(logMessages.retryLater, {
    ...logFields,
    class: outcome.class,
    reason: message,
    ...visibility,
  });
  return { kind: "again", ...receivedAt(context) };
}

export function pauseSeconds({ ports, time, attempts }: RecordContext, retryAfter?: string): number {
  const { receiveCount, attempt, redrives } = attempts;
  return backOffSeconds({
    ...ports.settings.backOff,
    // Sent anew, it goes on where it was; redriven, it starts afresh, since the destination is well by then.
    receiveCount: redrives === 0 ? Math.max(receiveCount, attempt) : receiveCount,
    ...defined({ retryAfter }),
    invokedAt: time.invokedAt,
    now: ports.now(),
    random: ports.random(),
  });
}
