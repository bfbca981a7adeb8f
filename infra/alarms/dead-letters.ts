import { type AlarmContext, type AlarmDefinition, FIVE_MINUTES, spanOf } from "./definition.ts";

/** What could not be delivered and lies aside. */
export function deadLetterAlarms(context: AlarmContext): readonly AlarmDefinition[] {
  return [deadLetters(context), growing(context)];
}

function deadLetters({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "dead-letters",
    happened: "There are dead letters, on their queue or parked, or recovery cannot bring something back.",
    means:
      "Each dead letter could not be delivered, and says in its attributes why; recovery brings back what an outage put there. What it cannot read, send or delete stands by its key in its log. The value is their number.",
    otherwise: `They stay: on the queue at first, after ${spanOf(settings.deadLetterQueue.retentionSeconds / 2)} in the bucket, which keeps them for ${settings.overflow.expirationDays} days.`,
    runFirst: operate("dlq stats"),
    signal: {
      // Somebody who reads the queue must not silence the alarm; moves into it are counted by no other metric.
      expression: "visible + in_flight + FILL(parked, 0) + FILL(put_aside, 0)",
      metrics: {
        visible: metrics.queue("deadLetterQueue", "ApproximateNumberOfMessagesVisible", "Maximum"),
        in_flight: metrics.queue("deadLetterQueue", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
        parked: metrics.own("recovery", "parkedDeadLetters", "Maximum"),
        put_aside: metrics.own("recovery", "putAside", "Maximum"),
      },
    },
    threshold: settings.alarms.deadLetters,
    because: "a dead letter waits for a person; what recovery brings back within two runs does not",
    periods: 3,
    ofPeriods: 3,
    missing: "notBreaching",
  };
}

/** One letter keeps the alarm above in ALARM, and must not hide the next million. */
function growing({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "dead-letters-growing",
    happened: "More dead letters come, beside those that have lain there for ten minutes or longer.",
    means:
      "What puts them there goes on: the destination refuses events, or the processor crashes on them. The value is how many have come within five minutes.",
    otherwise:
      "Events go on to become dead letters. None is lost, but each refused one waits for a person's redrive.",
    runFirst: operate("dlq stats"),
    signal: metrics.own("recovery", "newDeadLetters", "Sum"),
    threshold: settings.alarms.newDeadLetters,
    periodSeconds: FIVE_MINUTES,
    because: "a few are told by their alarm already, and so many in five minutes are a pattern",
    periods: 1,
    ofPeriods: 3,
    missing: "notBreaching",
  };
}
