/** The CloudWatch namespace of every metric that a function emits. */
export const METRIC_NAMESPACE = "GenesysEvents";

/** The one dimension beside `service`: dashboards and alarms of several environments live in one account. */
export const ENVIRONMENT_DIMENSION = "environment";

/**
 * Every metric a function emits, by function. Alarms and dashboards take the names from here, so that an
 * alarm on a metric that nobody emits does not compile.
 */
export const metrics = {
  receiver: {
    /** Acknowledged with 200, malformed ones included. */
    accepted: "EventsAccepted",
    /** Carries the reason as a second dimension set. */
    rejected: "EventsRejected",
    spilled: "EventsSpilled",
    claimChecked: "EventsClaimChecked",
    malformed: "EventsMalformed",
    /** Accepted events that were sent longer ago than their source's replayAgeSeconds. */
    old: "EventsOld",
    /** Accepted events that name another integration of ours than the one that has proved itself. */
    otherIntegration: "EventsOfOtherIntegration",
    /** Reads of a secret's parameter that is gone, empty, denied or still the placeholder, in use or not. */
    secretMissing: "SecretMissing",
    /** Reads of a secret's parameter that failed: the parameter store is out of reach. */
    secretUnreadable: "SecretUnreadable",
    /** Milliseconds from the handler's start to SQS's or the bucket's confirmation. */
    timeToDurable: "TimeToDurable",
  },
  processor: {
    delivered: "EventsDelivered",
    retried: "EventsRetried",
    /** Carries the class as a second dimension set. */
    deadLettered: "EventsDeadLettered",
    /** Milliseconds since the oldest undelivered event of a batch was received from Genesys. */
    oldestUndelivered: "OldestUndeliveredAge",
    duplicates: "DuplicatesSuppressed",
    /** Delivered beside another event of the same id, whose bytes are others. */
    sameIdOtherBytes: "SameIdOtherBytes",
    /** Not attempted, because the breaker is open or another invocation is at it. */
    deferred: "EventsDeferred",
    /** Delivered without duplicates being suppressed: the state table was out of reach. */
    unprotected: "DeliveriesUnprotected",
  },
  recovery: {
    /** 1 while the breaker is open or half-open, or the mapping is off or cannot poll; else 0. Once a minute. */
    breakerOpen: "BreakerOpen",
    redriven: "EventsRedriven",
    requeued: "SpilledEventsRequeued",
    /** Moved to the bucket, events and dead letters, before their queue would have deleted them. */
    parked: "MessagesParked",
    broughtBack: "ParkedEventsRequeued",
    /** Dead letters that lie in the bucket. */
    parkedDeadLetters: "DeadLettersParked",
    /** Objects and messages that cannot be read, sent or deleted. */
    putAside: "PutAside",
    /** Milliseconds since the oldest parked event was received from Genesys. */
    oldestStored: "OldestStoredAge",
    /** Milliseconds since the oldest event that waits for an open breaker was received from Genesys. */
    oldestUndelivered: "OldestUndeliveredAge",
    /** Steps of a run that failed. */
    failures: "RecoveryFailures",
  },
} as const;
