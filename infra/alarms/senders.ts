import { type AlarmContext, type AlarmDefinition, atOnce, FIVE_MINUTES } from "./definition.ts";

const SENDERS_GIVE_UP = "Genesys tries an event again for 85 s; after that it is gone.";

/** What senders meet: the only place where an event can be lost. */
export function senderAlarms(context: AlarmContext): readonly AlarmDefinition[] {
  return [
    api5xx(context),
    slowAcknowledgement(context),
    secretMissing(context),
    unauthorized(context),
    throttledSenders(context),
    spill(context),
    ...(context.settings.sources.eventbridge === undefined ? [] : [eventBridgeFailing(context)]),
  ];
}

/** A receiver that crashes, times out or is throttled is a 5xx too: one mail is enough. */
function api5xx({ metrics, readLog }: AlarmContext): AlarmDefinition {
  return {
    name: "api-5xx",
    happened: "URGENT: the API has answered a 5xx, and events were not acknowledged.",
    means:
      "The receiver has failed or was throttled, has no secret, or neither queue nor bucket took the event. The value is their number.",
    otherwise: SENDERS_GIVE_UP,
    runFirst: readLog("receiver"),
    signal: metrics.api("5xx", "Sum"),
    threshold: 1,
    because: "this is where an event can be lost",
    periods: 1,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

function slowAcknowledgement({ metrics, readLog }: AlarmContext): AlarmDefinition {
  return {
    name: "slow-acknowledgement",
    happened: "Acknowledging takes longer than a second.",
    means:
      "The queue or the parameter store is slow for the receiver. The value is the slowest hundredth, in milliseconds.",
    otherwise: "Genesys gives up after 10 s and sends again.",
    runFirst: readLog("receiver"),
    signal: {
      // A queue that hangs is slow and then spills: that alarm tells it.
      expression: "IF(FILL(spilled, 0) > 0, 0, FILL(latency, 0))",
      metrics: {
        latency: metrics.api("IntegrationLatency", "p99"),
        spilled: metrics.own("receiver", "spilled", "Sum"),
      },
    },
    threshold: 1_000,
    because: "a cold start takes a fraction of it, and one slow minute is none",
    periods: 3,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

function secretMissing({ metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "secret-missing",
    happened: "A source's secret is gone: deleted, emptied, denied or still the placeholder.",
    means: "Where the receiver knew it before, it serves on for 15 minutes.",
    otherwise: `After them the source's requests are answered 503. ${SENDERS_GIVE_UP}`,
    runFirst: operate("doctor"),
    // Told while the secret still serves: there is time to undo a slip.
    signal: metrics.own("receiver", "secretMissing", "Sum"),
    threshold: 1,
    because: "a secret goes by somebody's hand",
    periods: 1,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

/**
 * Many 401 are a wrong secret or an attack. With thin traffic a wrong secret makes few of them: then a signature that
 * is wrong while none is right is enough, and what sends none, such as a scanner, is not.
 */
function unauthorized({ settings, metrics, operate }: AlarmContext): AlarmDefinition {
  const most = settings.alarms.unauthorizedRequests;
  return {
    name: "unauthorized",
    happened: `Requests were refused: ${most} answered 401 within five minutes, or one that was signed while none was accepted.`,
    means:
      "A secret here differs from the one in Genesys Cloud, or somebody tries to get in. A 401 is final to Genesys: it does not send the event again. The value is their number.",
    otherwise: "If the secret is wrong, each further event is lost.",
    runFirst: operate("doctor"),
    signal: {
      expression: `MAX([FILL(refused, 0), IF(FILL(accepted, 0) > 0, 0, FILL(wrong, 0) * ${most})])`,
      metrics: {
        // Of the gateway's own log: it speaks whatever becomes of the receiver.
        refused: metrics.accessLog("unauthorized", "Sum"),
        wrong: metrics.own("receiver", "wrongSignature", "Sum"),
        accepted: metrics.own("receiver", "accepted", "Sum"),
      },
    },
    threshold: most,
    periodSeconds: FIVE_MINUTES,
    because: "strangers knock now and then, and whoever signs wrongly means us",
    // An hour, so that each event of thin traffic is no mail of its own.
    periods: 1,
    ofPeriods: 12,
    missing: "notBreaching",
  };
}

function throttledSenders({ metrics, readAccessLog }: AlarmContext): AlarmDefinition {
  return {
    name: "throttled-senders",
    happened: "The API has answered 429: senders send more than it takes.",
    means:
      "More requests came than `throttling` allows, for the API or for a source's route. The value is how many were refused within five minutes.",
    otherwise: SENDERS_GIVE_UP,
    runFirst: readAccessLog,
    signal: metrics.accessLog("throttled", "Sum"),
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    because: "the limit is ours, and far above what Genesys sends",
    periods: 1,
    ofPeriods: 3,
    missing: "notBreaching",
  };
}

function spill({ metrics, readLog }: AlarmContext): AlarmDefinition {
  return {
    name: "spill",
    happened: "Events were stored in the overflow bucket, because the queue did not take them.",
    means:
      "They are acknowledged and safe, and recovery puts them on the queue when it takes messages again.",
    otherwise: "They wait in the bucket, and are not delivered until the queue takes messages.",
    runFirst: readLog("receiver"),
    signal: {
      expression: "FILL(spilled, 0) + FILL(waiting, 0)",
      metrics: {
        spilled: metrics.own("receiver", "spilled", "Sum"),
        // Recovery could not put them back: the alarm stays until it can.
        waiting: metrics.own("recovery", "spillsWait", "Maximum"),
      },
    },
    threshold: 1,
    because: "SQS hardly ever refuses: it is a permission, a policy or an outage of AWS",
    periods: 1,
    ofPeriods: 5,
    missing: "notBreaching",
  };
}

/** Nothing else sees what the rule loses. */
function eventBridgeFailing({ metrics, operate }: AlarmContext): AlarmDefinition {
  return {
    name: "eventbridge-failing",
    happened: "EventBridge could not put an event on the queue.",
    means:
      "It lies in the dead-letter queue, which recovery brings back; one that this queue did not take either is gone.",
    otherwise: "EventBridge tries each event for a day, and then sets it aside in the same way.",
    runFirst: operate("doctor"),
    signal: {
      expression: "FILL(failed, 0) + FILL(set_aside, 0) + FILL(dropped, 0)",
      metrics: {
        failed: metrics.rule("FailedInvocations", "Sum"),
        set_aside: metrics.rule("InvocationsSentToDlq", "Sum"),
        dropped: metrics.rule("InvocationsFailedToBeSentToDlq", "Sum"),
      },
    },
    threshold: 1,
    because: "EventBridge tries for a day: what fails then is a policy, a key, a size or a long outage",
    ...atOnce,
  };
}
