import { type AlarmContext, type AlarmDefinition, spanOf } from "./definition.ts";

/** Minutes that a run of recovery may be late in telling that it ended well. */
const LATE_MINUTES = 4;

/** Parts of the pipeline that do not do their work. */
export function partAlarms(context: AlarmContext): readonly AlarmDefinition[] {
  return [deliveryFailing(context), recoverySilent(context), stateTable(context)];
}

function deliveryFailing({ metrics, readLog }: AlarmContext): AlarmDefinition {
  return {
    name: "delivery-failing",
    happened: "The processor has failed or was throttled.",
    means:
      "It crashed or ran out of time or memory, or the account has no concurrency left. Its events come again by the queue's visibility.",
    otherwise: "After the last receive they are dead letters, which recovery brings back a few times.",
    runFirst: readLog("processor"),
    signal: {
      // With the account's concurrency used up the API fails, too: that alarm is the louder one.
      expression: "IF(FILL(unacknowledged, 0) > 0, 0, FILL(errors, 0) + FILL(throttles, 0))",
      metrics: {
        unacknowledged: metrics.api("5xx", "Sum"),
        errors: metrics.function("processor", "Errors", "Sum"),
        throttles: metrics.function("processor", "Throttles", "Sum"),
      },
    },
    threshold: 1,
    because: "one crash mends itself, and two minutes of five are a pattern",
    periods: 2,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

/**
 * Whatever the reason: its schedule is off, it is gone, denied, throttled, or fails in each run. It is asked for a sign
 * of life and not for errors, since what has stopped makes none.
 */
function recoverySilent({ settings, metrics, readLog }: AlarmContext): AlarmDefinition {
  const minutes = Math.ceil(settings.recovery.timeoutSeconds / 60) + LATE_MINUTES;
  return {
    name: "recovery-silent",
    happened: `No run of recovery has ended well for ${minutes} minutes, and there is one every minute.`,
    means:
      "Its schedule is off, or it fails, is denied or throttled. Events are still taken in and delivered while the destination is well.",
    otherwise: `A breaker that opens is not closed again, and nothing is parked or brought back: what waits is deleted by the queue after ${spanOf(settings.queue.retentionSeconds)}.`,
    runFirst: readLog("recovery"),
    signal: {
      expression: "IF(FILL(known, 0) > 0, IF(FILL(unacknowledged, 0) > 0, 0, 1 - FILL(well, 0)), 0)",
      metrics: {
        // CloudWatch knows a queue a few minutes after it was made: before, silence is a first deployment's.
        known: metrics.queue("queue", "ApproximateNumberOfMessagesVisible", "SampleCount"),
        unacknowledged: metrics.api("5xx", "Sum"),
        well: metrics.own("recovery", "endedWell", "Maximum"),
      },
    },
    threshold: 1,
    because: "a run may take its whole time, and the next one may be late",
    periods: minutes,
    ofPeriods: minutes,
    missing: "breaching", // silence is just what it is about
  };
}

function stateTable({ metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "state-table",
    happened: "The state table is out of reach, or throttles.",
    means:
      "Events are delivered without duplicates being suppressed, and attempts are counted by receives. The breaker neither opens nor closes.",
    otherwise: "None is lost. The destination may get an event twice, under the same Idempotency-Key.",
    runFirst: operate("doctor"),
    signal: {
      expression:
        "FILL(unprotected, 0) + FILL(out_of_reach, 0) + FILL(read_throttles, 0) + FILL(write_throttles, 0)",
      metrics: {
        unprotected: metrics.own("processor", "unprotected", "Sum"),
        // Recovery asks for it each minute, however thin the traffic.
        out_of_reach: metrics.own("recovery", "stateOutOfReach", "Maximum"),
        read_throttles: metrics.table("ReadThrottleEvents", "Sum"),
        write_throttles: metrics.table("WriteThrottleEvents", "Sum"),
      },
    },
    threshold: 1,
    because: "one lost answer mends itself, and two minutes of five are a pattern",
    periods: 2,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}
