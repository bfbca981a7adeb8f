/**
 * Messages in flight that a standard queue takes; beyond, it hands out no healthy ones either.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const IN_FLIGHT_LIMIT = 120_000;

/** So many want a person, before the limit is reached. */
export const IN_FLIGHT_MANY = 90_000;
