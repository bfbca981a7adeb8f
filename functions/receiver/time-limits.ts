/** How long a request waits for one of the others: milliseconds, all attempts together. */
export interface TimeLimits {
  readonly queue: number;
  readonly bucket: number;
  /** A secret that is known, and read again. */
  readonly secretRefresh: number;
  /** A secret that is not known yet. */
  readonly firstSecret: number;
}

/** As deployed. The answer leaves within 6 s, even if all of them hang: Genesys waits for 10 s. */
export const timeLimits: TimeLimits = {
  queue: 2_000,
  bucket: 2_000,
  secretRefresh: 800,
  firstSecret: 2_500, // without one there is nothing else that the request could do
};
