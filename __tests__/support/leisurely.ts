/** Milliseconds for all attempts of a client together: what tests allow, and far less than jest's own limit. */
export const ALL_ATTEMPTS_MILLISECONDS = 40_000;

/**
 * How long a client waits in tests that are about something else. The deployed bounds count on AWS; an emulator in
 * the test's own process answers as late as a busy machine lets it.
 */
export const leisurely = { attemptMilliseconds: 20_000, connectMilliseconds: 20_000 } as const;
