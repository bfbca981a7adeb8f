/** The CloudWatch namespace of every metric that a function emits. */
export const METRIC_NAMESPACE = "GenesysEvents";

/** The one dimension beside `service`: dashboards and alarms of several environments live in one account. */
export const ENVIRONMENT_DIMENSION = "environment";

/** As CloudWatch spells it. */
export type MetricUnit = "Count" | "Milliseconds";

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
    /** Requests with a signature or a secret that is wrong; those with none are not counted. */
    wrongSignature: "SignaturesWrong",
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
    /** Milliseconds since the oldest delivered event of a batch was received; of none that was redriven. */
    oldestDelivered: "OldestDeliveredAge",
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
    /** Milliseconds since the oldest parked message was received from Genesys, or the oldest spilled one stored. */
    oldestStored: "OldestStoredAge",
    /** Milliseconds since the oldest event that waits for an open breaker, or in the bucket, was received from Genesys. */
    oldestUndelivered: "OldestUndeliveredAge",
    /** 1 while the alarm of a breaker, a mapping or a spill tells why events wait, and until its backlog had its time. */
    waitingTold: "WaitingTold",
    /** Milliseconds since the oldest message was sent that could not be parked when recovery looked last. */
    oldestOnQueue: "OldestOnQueueAge",
    /** Milliseconds since the oldest message on the dead-letter queue was sent; looking cannot silence it. */
    oldestDeadLetter: "OldestDeadLetterAge",
    /** Dead letters that have come since the last run, beside others that lie there for ten minutes or longer. */
    newDeadLetters: "DeadLettersNew",
    /** 1 where spilled events could not be put on their queue. */
    spillsWait: "SpillsWait",
    /** 1 where the state table could not be read. */
    stateOutOfReach: "StateOutOfReach",
    /** 1 for a run in which nothing failed but what another alarm tells; 0 for one that failed. Silence is neither. */
    endedWell: "RunsEndedWell",
    /** Steps of a run that failed. */
    failures: "RecoveryFailures",
  },
} as const;

/** What stands for the function in the dimension `service`, and in the access log: the API has no log lines of its own. */
export const API_SERVICE = "api";

/** Counted by CloudWatch itself, in the API's access log: no function has to be alive for them. */
export const accessLogMetrics = {
  /** Requests answered 401. */
  unauthorized: "RequestsUnauthorized",
  /** Requests answered 429. */
  throttled: "RequestsThrottled",
} as const;
