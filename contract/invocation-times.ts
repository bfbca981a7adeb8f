/** How the processor divides an invocation's time, as far as a forecast has to know. */

/** What is kept free at its end: seconds, and the most of a short function's time. */
export const RESERVE = { seconds: 4, share: 1 / 4 } as const;

/** For so long an invocation takes more from the queue itself: a person who switches the mapping off waits for the end of that. */
export const TAKES_MORE_SECONDS = 15;

/** For so long a success waits for others that are noted in the same writing. */
export const GATHER_SECONDS = 0.5;
