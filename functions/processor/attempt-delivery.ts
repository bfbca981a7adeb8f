import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { within } from "../runtime/within.ts";
import type { AttemptCounts } from "./attempt-counts.ts";
import { type DeliveryOutcome, outcomeOfAnswer, outcomeOfError } from "./classify.ts";
import { payloadOf } from "./payload.ts";
import type { Ports } from "./ports.ts";
import type { TimeFrame } from "./record-context.ts";

/** How an attempt ended, or why there was none. */
export type Attempted =
  | { readonly kind: "attempted"; readonly outcome: DeliveryOutcome; readonly unprotected: boolean }
  /** It has been delivered before. */
  | { readonly kind: "duplicate" }
  /** Another invocation is at it. */
  | { readonly kind: "in-progress" };

/** Delivers an event, unless it has been delivered before or is being delivered elsewhere. Never throws. */
export async function attemptDelivery(
  event: QueuedEvent,
  attempts: AttemptCounts,
  ports: Ports,
  time: TimeFrame,
): Promise<Attempted> {
  const deliver = () => deliverNow(event, attempts, ports, time);
  if (ports.once === undefined) return { kind: "attempted", outcome: await deliver(), unprotected: false };
  const key = `${event.source}|${event.id}`;
  const result = await ports.once.run(key, deliver, (outcome) => outcome.class === "success");
  if (result.kind !== "ran") return result;
  return { kind: "attempted", outcome: result.value, unprotected: !result.protected };
}

async function deliverNow(
  event: QueuedEvent,
  { attempt }: AttemptCounts,
  { destination, objects }: Ports,
  { deliveryMilliseconds }: TimeFrame,
): Promise<DeliveryOutcome> {
  const milliseconds = Math.min(destination.timeoutMilliseconds, deliveryMilliseconds());
  try {
    const answer = await within("The delivery", milliseconds, async (signal) => {
      const bytes = await payloadOf(event, objects, signal);
      return destination.deliver({ event, bytes, attempt }, signal);
    });
    return outcomeOfAnswer(answer);
  } catch (error) {
    return outcomeOfError(error);
  }
}
