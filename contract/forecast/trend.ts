/** How many messages waited at a time. */
export interface Depth {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly waiting: number;
}

/** With fewer points, or older ones, nobody knows how it goes now. */
const LEAST_POINTS = 5;
const LATEST_MILLISECONDS = 4 * 60_000;
/** A backlog that goes so slowly stands still, as far as anybody can tell. */
const LEAST_SHARE_AN_HOUR = 0.01;

/**
 * When a backlog is gone at the present rate: seconds from the last of the depths, `grows`, or undefined where they do
 * not tell.
 */
export function goneIn(depths: readonly Depth[], now: number): number | "grows" | undefined {
  const inOrder = depths.toSorted((one, other) => one.at - other.at);
  const last = inOrder.at(-1);
  if (last === undefined || inOrder.length < LEAST_POINTS || now - last.at > LATEST_MILLISECONDS)
    return undefined;
  const perSecond = slopeOf(inOrder);
  if (Math.abs(perSecond) * 3_600 < last.waiting * LEAST_SHARE_AN_HOUR) return undefined;
  return perSecond > 0 ? "grows" : last.waiting / -perSecond;
}

/** Messages a second, by least squares. */
function slopeOf(depths: readonly Depth[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, waiting] = [mean(depths.map((each) => each.at)), mean(depths.map((each) => each.waiting))];
  const products = depths.map((each) => (each.at - at) * (each.waiting - waiting));
  const squares = depths.map((each) => (each.at - at) ** 2);
  return (1_000 * mean(products)) / mean(squares);
}
