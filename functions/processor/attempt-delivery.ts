import type { QueuedEvent } from "../../contract/event/read-envelope.ts";
import { within } from "../runtime/within.ts";
import type { AttemptCounts } from "./attempt-counts.ts";
import { type DeliveryOutcome, outcomeOfAnswer, outcomeOfError } from "./classify.ts";
import type { LockAhead } from "./delivery-lock.ts";
import type { Made, ReceivedEvent } from "./once.ts";
import { payloadOf } from "./payload.ts";
import type { Ports } from "./ports.ts";
import type { TimeFrame } from "./record-context.ts";

/** How an attempt ended, or why there was none. */
export type Attempted =
  | {
      readonly kind: "attempted";
      readonly outcome: DeliveryOutcome;
      /** Whether a duplicate will be suppressed: known when the table has it. It never rejects. */
      readonly protected: Promise<boolean>;
      readonly otherBytes: boolean;
      /** The id under which it went out: a repetition has that of the first. */
      readonly id: string;
      /** With this attempt, or what it took of them, counted. */
      readonly attempts: AttemptCounts;
      /** From the attempt's beginning to its end. */
      readonly milliseconds: number;
    }
  /** The same bytes have been delivered before. */
  | { readonly kind: "duplicate" }
  /** Another invocation is at it. */
  | { readonly kind: "in-progress" };

/** An event as the state table knows it. */
export function receivedEvent(
  event: QueuedEvent,
  { attempt, receiveCount, firstAttemptAt }: AttemptCounts,
): ReceivedEvent {
  const receivedAt = Date.parse(event.receivedAt ?? "");
  return {
    id: event.id,
    ...(Number.isNaN(receivedAt) ? {} : { receivedAt }),
    ...{ attempts: attempt, receiveCount, firstAttemptAt },
  };
}

/**
 * Delivers an event, unless it has been delivered before or is being delivered elsewhere. Never throws.
 *
 * @param lockAhead asks for what became of a lock on it, taken ahead
 */
export async function attemptDelivery(
  event: QueuedEvent,
  received: ReceivedEvent,
  attempts: AttemptCounts,
  ports: Ports,
  time: TimeFrame,
  lockAhead: (event: ReceivedEvent) => Promise<LockAhead> | undefined,
): Promise<Attempted> {
  let milliseconds = 0;
  const result = await ports.once.run(
    received,
    async ({ id, attempts: before }) => {
      const startedAt = ports.now().getTime();
      const made = await deliverNow({ ...event, id }, before, ports, time);
      milliseconds = ports.now().getTime() - startedAt;
      return made;
    },
    time.invocationEndsAt.getTime(),
    {
      lockAhead: () => lockAhead(received),
      mayStart: () => time.deliveryMilliseconds() >= ports.destination.timeoutMilliseconds,
    },
  );
  if (result.kind !== "ran") return result;
  const { value: outcome, otherBytes, event: after } = result;
  return {
    kind: "attempted",
    outcome,
    otherBytes,
    protected: result.protected,
    id: after.id,
    attempts: { ...attempts, attempt: after.attempts, firstAttemptAt: after.firstAttemptAt },
    milliseconds,
  };
}

async function deliverNow(
  event: QueuedEvent,
  before: number,
  ports: Ports,
  { deliveryMilliseconds }: TimeFrame,
): Promise<Made<DeliveryOutcome>> {
  const { destination } = ports;
  const milliseconds = Math.min(destination.timeoutMilliseconds, deliveryMilliseconds());
  let requests = 0;
  const nextAttempt = () => before + ++requests;
  const made = (outcome: DeliveryOutcome) => ({
    value: outcome,
    succeeded: outcome.class === "success",
    requests,
  });
  try {
    const answer = await within("The delivery", milliseconds, async (signal) => {
      const bytes = await payloadOf(event, ports, signal);
      return destination.deliver({ event, bytes, nextAttempt }, signal);
    });
    return made(outcomeOfAnswer(answer));
  } catch (error) {
    return made(outcomeOfError(error));
  }
}
