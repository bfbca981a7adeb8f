import { IN_FLIGHT_LIMIT, IN_FLIGHT_MANY } from "../../contract/in-flight-limit.ts";
import { type AlarmContext, type AlarmDefinition, atOnce, spanOf } from "./definition.ts";

const DAY_MILLISECONDS = 86_400_000;
/** Recovery parks at half, a run later it is done; the rest is a person's. */
const HALF_AND_A_RUN = 0.55;

/** Events that wait, whatever they wait for. */
export function waitingAlarms(context: AlarmContext): readonly AlarmDefinition[] {
  return [oldestEvent(context), nearExpiry(context), breakerOpen(context), inFlight(context)];
}

/**
 * The age of the oldest event, from every side: SQS's own sees those that were never tried, and leaves out what was
 * received three times; the processor sees those that failed, and those that came late; recovery those that wait for
 * the breaker or lie in the bucket. While another alarm tells why events wait, and until what has gathered meanwhile
 * is delivered, recovery says so (`told`), and this one is quiet. Where recovery says nothing, it is not.
 */
function oldestEvent({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  const { oldestEventSeconds } = settings.alarms;
  return {
    name: "oldest-event",
    happened: `An event has waited for its delivery for ${spanOf(oldestEventSeconds)} or longer.`,
    means:
      "The destination refuses it, or the processor does not keep up or is not invoked. The value is the age in seconds.",
    otherwise: `It stays on the queue and is tried on; after ${spanOf(settings.queue.retentionSeconds / 2)} recovery moves it to the bucket.`,
    runFirst: operate("doctor"),
    signal: {
      expression:
        "IF(FILL(told, 0) > 0, 0, MAX([FILL(untried, 0), FILL(tried, 0) / 1000, FILL(late, 0) / 1000, FILL(held, 0) / 1000]))",
      metrics: {
        untried: metrics.queue("queue", "ApproximateAgeOfOldestMessage", "Maximum"),
        tried: metrics.own("processor", "oldestUndelivered", "Maximum"),
        late: metrics.own("processor", "oldestDelivered", "Maximum"),
        held: metrics.own("recovery", "oldestUndelivered", "Maximum"),
        told: metrics.own("recovery", "waitingTold", "Maximum"),
      },
    },
    threshold: oldestEventSeconds,
    because: "back-off alone takes a while, and the people who wait for the event less",
    // A busy minute of five: deliveries late by a hair must not send a mail each minute.
    periods: 1,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

/** Louder than the others: from here on somebody has to act, or events are deleted. */
function nearExpiry({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  const { queue, deadLetterQueue, overflow } = settings;
  const left = (seconds: number) => spanOf(seconds * (1 - HALF_AND_A_RUN));
  return {
    name: "near-expiry",
    happened: "URGENT: something has used up more than half of the time that its store keeps it.",
    means:
      "Recovery parks what has used up half of a queue's retention, and it has not; or what is parked nears the bucket's own term. The value is the share that is used up.",
    otherwise: `It is deleted in the end: on the queue ${left(queue.retentionSeconds)} from now, on the dead-letter queue ${left(deadLetterQueue.retentionSeconds)}, in the bucket ${left(overflow.expirationDays * 86_400)}.`,
    runFirst: operate("doctor"),
    signal: {
      // SQS's own ages are silent for what is read again and again; recovery's are silent with recovery.
      expression: [
        `MAX([FILL(events, 0) / ${queue.retentionSeconds}`,
        `FILL(seen, 0) / ${queue.retentionSeconds * 1_000}`,
        `FILL(dead_letters, 0) / ${deadLetterQueue.retentionSeconds}`,
        `FILL(dead_letters_seen, 0) / ${deadLetterQueue.retentionSeconds * 1_000}`,
        `FILL(stored, 0) / ${overflow.expirationDays * DAY_MILLISECONDS}])`,
      ].join(", "),
      metrics: {
        events: metrics.queue("queue", "ApproximateAgeOfOldestMessage", "Maximum"),
        seen: metrics.own("recovery", "oldestOnQueue", "Maximum"),
        dead_letters: metrics.queue("deadLetterQueue", "ApproximateAgeOfOldestMessage", "Maximum"),
        dead_letters_seen: metrics.own("recovery", "oldestDeadLetter", "Maximum"),
        stored: metrics.own("recovery", "oldestStored", "Maximum"),
      },
    },
    threshold: HALF_AND_A_RUN,
    because:
      "what is parked at half is gone from a queue a run later, and the rest of the time is for a person",
    ...atOnce,
  };
}

function breakerOpen({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "breaker-open",
    happened: "Deliveries have stopped: the breaker is open, or the queue is not consumed.",
    means:
      "The destination is down, or a person has stopped deliveries, or the event source mapping is off or cannot poll. New events are taken in and wait; none is lost.",
    otherwise: `After an outage deliveries resume by themselves; what a person has switched off waits for a person. After ${spanOf(settings.queue.retentionSeconds / 2)} events are moved to the bucket, which keeps them for ${settings.overflow.expirationDays} days.`,
    runFirst: operate("breaker status"),
    signal: metrics.own("recovery", "breakerOpen", "Maximum"),
    threshold: 1,
    because: "three minutes of five outlast a probe that fails by chance",
    periods: 3,
    ofPeriods: 5,
    missing: "notBreaching", // that recovery is silent, another alarm tells
  };
}

function inFlight({ metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "in-flight",
    happened: "The queue has nearly as many messages in flight as SQS takes.",
    means: "Too many wait for their back-off. The value is their number.",
    otherwise: `At ${IN_FLIGHT_LIMIT.toLocaleString("en")} SQS hands out no more, healthy events included, until some have come back.`,
    runFirst: operate("breaker open"),
    signal: metrics.queue("queue", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
    threshold: IN_FLIGHT_MANY,
    because: "three quarters leave time to stop consuming: what is visible has no limit",
    periods: 1,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}
