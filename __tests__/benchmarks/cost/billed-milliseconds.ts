/** So much memory buys one core: AWS Lambda Developer Guide, "Configure Lambda function memory". */
const CORE_MEGABYTES = 1_769;

/** Lambda's own work around a handler, and its rounding up to a whole millisecond: assumed. */
export const OVERHEAD_MILLISECONDS = 1;

/** What one warm invocation took. Milliseconds. */
export interface Duration {
  readonly cpu: number;
  /** In which nothing was computed: for AWS, for the destination. */
  readonly waiting: number;
}

/**
 * What Lambda bills for an invocation: it waits as long as here, and computes as much longer as its memory buys less
 * than a core. What is computed while another delivery is waited for comes on top: rather too much.
 */
export function billedMilliseconds({ cpu, waiting }: Duration, megabytes: number): number {
  const share = Math.min(1, megabytes / CORE_MEGABYTES);
  return OVERHEAD_MILLISECONDS + waiting + cpu / share;
}
