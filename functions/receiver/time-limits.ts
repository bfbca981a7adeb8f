/**
 * In tests: how long a request waits for whom, in place of the deployed limits. Milliseconds, all attempts together.
 */
export type TimeLimits = Readonly<Partial<Record<"secrets" | "queue" | "bucket", number>>>;
