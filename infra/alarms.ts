import type { AlarmText } from "../contract/alarm-text.ts";
import { GENESYS_DLQ } from "../contract/command-line.ts";
import type { FunctionName } from "../contract/environment.ts";
import { IN_FLIGHT_LIMIT, IN_FLIGHT_MANY } from "../contract/in-flight-limit.ts";
import type { Metric, Metrics } from "./metrics.ts";
import { namesFor } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";

const DAY_MILLISECONDS = 86_400_000;

/** Several metrics as one, in CloudWatch's metric math over their ids. */
export interface MetricMath {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface AlarmDefinition extends AlarmText {
  /** Last part of its name. */
  readonly name: string;
  readonly signal: Metric | MetricMath;
  /** It goes off at this value and above. */
  readonly threshold: number;
  /** So many of the last minutes have to be at the threshold. */
  readonly minutes: number;
  readonly ofMinutes: number;
  /** What a minute without a value is. */
  readonly missing: "notBreaching" | "breaching";
}

/**
 * When somebody is woken. Ten; what would be an eleventh joins the alarm that the same person acts on. The
 * eleventh is there where EventBridge is a source, since nothing else sees what its rule loses.
 */
export function alarmDefinitions(
  environment: string,
  { namePrefix, alarms, queue, deadLetterQueue, overflow, sources }: EnvironmentSettings,
  metrics: Metrics,
): readonly AlarmDefinition[] {
  const names = namesFor(namePrefix, environment);
  const operate = (command: string) => `${GENESYS_DLQ} ${command} --environment ${environment}`;
  const readLog = (name: FunctionName) => `aws logs tail /aws/lambda/${names.function(name)} --since 15m`;
  /** At once, and quiet without a value: what emits nothing has nothing to say. */
  const atOnce = { minutes: 1, ofMinutes: 1, missing: "notBreaching" } as const;
  return [
    {
      name: "dead-letters",
      happened: "There are dead letters, on their queue or parked, or recovery cannot bring something back.",
      means:
        "Each dead letter could not be delivered, and says in its attributes why; recovery brings back what an outage put there. What it cannot read, send or delete stands by its key in its log.",
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
      threshold: alarms.deadLetters,
      because: "a dead letter waits for a person",
      ...atOnce,
    },
    {
      name: "near-expiry",
      happened: "Something has waited for more than half of the time that its store gives it.",
      means:
        "Recovery parks in the bucket what has used up half of a queue's retention, and it has not; or what is parked nears the bucket's own term. At the end of either it is deleted.",
      runFirst: operate("doctor"),
      signal: {
        expression: `MAX([FILL(events, 0) / ${queue.retentionSeconds}, FILL(dead_letters, 0) / ${deadLetterQueue.retentionSeconds}, FILL(stored, 0) / ${overflow.expirationDays * DAY_MILLISECONDS}])`,
        metrics: {
          events: metrics.queue("queue", "ApproximateAgeOfOldestMessage", "Maximum"),
          dead_letters: metrics.queue("deadLetterQueue", "ApproximateAgeOfOldestMessage", "Maximum"),
          stored: metrics.own("recovery", "oldestStored", "Maximum"),
        },
      },
      threshold: 0.55,
      because:
        "what is parked at half is gone from a queue a run later, and the rest of the time is for a person",
      ...atOnce,
    },
    {
      name: "oldest-event",
      happened: "An event has waited long for its delivery.",
      means:
        "The destination refuses it or is down, or the processor does not keep up; events wait in the queue, none is lost.",
      runFirst: operate("breaker status"),
      signal: {
        // SQS's own age ignores what has been received three times. Recovery tells it while the breaker is open.
        expression: "MAX([FILL(tried, 0), FILL(held, 0)])",
        metrics: {
          tried: metrics.own("processor", "oldestUndelivered", "Maximum"),
          held: metrics.own("recovery", "oldestUndelivered", "Maximum"),
        },
      },
      threshold: alarms.oldestEventSeconds * 1000,
      because: "back-off alone takes a while, and the people who wait for the event less",
      ...atOnce,
    },
    {
      name: "api-5xx",
      happened: "The API has answered a 5xx.",
      means: "Genesys was not acknowledged and tries again for 85 s at most; after that the event is gone.",
      runFirst: readLog("receiver"),
      signal: metrics.api("5xx", "Sum"),
      threshold: 1,
      because: "this is the only place where an event can be lost",
      ...atOnce,
    },
    {
      name: "slow-acknowledgement",
      happened: "Acknowledging takes longer than a second.",
      means:
        "The queue or the parameter store is slow for the receiver; Genesys gives up after 10 s and sends again.",
      runFirst: readLog("receiver"),
      signal: metrics.api("IntegrationLatency", "p99"),
      threshold: 1_000,
      because: "a cold start takes a fraction of it, and one slow minute is none",
      minutes: 3,
      ofMinutes: 5,
      missing: "notBreaching",
    },
    {
      name: "receiver-failing",
      happened: "The receiver has failed or was throttled, or a source's secret is gone.",
      means:
        "Requests were answered with 5xx or 429, which Genesys sends again for 85 s at most. A secret that was deleted, emptied or denied serves for another 15 minutes, and then its source is refused.",
      runFirst: readLog("receiver"),
      signal: {
        expression: "FILL(errors, 0) + FILL(throttles, 0) + FILL(secret_missing, 0)",
        metrics: {
          errors: metrics.function("receiver", "Errors", "Sum"),
          throttles: metrics.function("receiver", "Throttles", "Sum"),
          // Told while the secret still serves: there is time to undo a slip.
          secret_missing: metrics.own("receiver", "secretMissing", "Sum"),
        },
      },
      threshold: 1,
      because:
        "the receiver catches whatever a request can do to it: a failure is a crash, a timeout or a limit, and a secret goes by somebody's hand",
      ...atOnce,
    },
    {
      name: "delivery-failing",
      happened: "The processor has failed or was throttled, or recovery has failed.",
      means:
        "Events come again by the queue's visibility, or wait for recovery; after the last receive they are dead letters.",
      runFirst: readLog("processor"),
      signal: {
        expression: "FILL(errors, 0) + FILL(throttles, 0) + FILL(recovery_errors, 0)",
        metrics: {
          errors: metrics.function("processor", "Errors", "Sum"),
          throttles: metrics.function("processor", "Throttles", "Sum"),
          // A step of recovery that failed makes the run an error.
          recovery_errors: metrics.function("recovery", "Errors", "Sum"),
        },
      },
      threshold: 1,
      because: "one crash mends itself, and two minutes of five are a pattern",
      minutes: 2,
      ofMinutes: 5,
      missing: "notBreaching",
    },
    {
      name: "in-flight",
      happened: "The queue has nearly as many messages in flight as SQS takes.",
      means: `At ${IN_FLIGHT_LIMIT.toLocaleString("en")} it hands out no more, healthy events included: too many wait for their back-off.`,
      runFirst: operate("breaker open"),
      signal: metrics.queue("queue", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
      threshold: IN_FLIGHT_MANY,
      because: "three quarters leave time to stop consuming: what is visible has no limit",
      ...atOnce,
    },
    {
      name: "spill",
      happened: "Events were stored in the overflow bucket, because the queue did not take them.",
      means: "They are safe, and recovery puts them on the queue when it takes messages again.",
      runFirst: readLog("receiver"),
      signal: metrics.own("receiver", "spilled", "Sum"),
      threshold: 1,
      because: "SQS hardly ever refuses: it is a permission, a policy or an outage of AWS",
      ...atOnce,
    },
    {
      name: "breaker-open",
      happened: "The breaker is open, the queue is not consumed, or recovery does not run.",
      means:
        "Nothing is delivered: events wait in the queue until a probe is delivered, or a person puts right what a person has switched off.",
      runFirst: operate("breaker status"),
      signal: metrics.own("recovery", "breakerOpen", "Maximum"),
      threshold: 1,
      because: "three minutes outlast a probe that fails by chance",
      minutes: 3,
      ofMinutes: 3,
      // Recovery says it every minute: silence means that nobody would close it.
      missing: "breaching",
    },
    ...(sources.eventbridge === undefined ? [] : [undeliveredByRule()]),
  ];

  function undeliveredByRule(): AlarmDefinition {
    return {
      name: "eventbridge-failing",
      happened: "EventBridge could not put an event on the queue.",
      means:
        "It lies in the dead-letter queue, which recovery brings back; one that this queue did not take either is gone.",
      runFirst: operate("doctor"),
      signal: {
        expression: "FILL(failed, 0) + FILL(dropped, 0)",
        metrics: {
          failed: metrics.rule("FailedInvocations", "Sum"),
          dropped: metrics.rule("InvocationsFailedToBeSentToDlq", "Sum"),
        },
      },
      threshold: 1,
      because: "EventBridge tries for a day: what fails then is a policy, a key, a size or a long outage",
      ...atOnce,
    };
  }
}
