/** Since when events wait for a reason that an alarm of its own tells: an open breaker, a mapping that is off, a spill. */
export interface KnownWaiting {
  /** When the present reason was first seen; absent while there is none. Milliseconds since 1970, as all times here. */
  readonly since?: number;
  /** When it was last seen after its alarm had told of it. */
  readonly toldAt?: number;
}

/** As long as the alarm `breaker-open` takes: a shorter stop is told by nobody, and must silence nobody. */
const TOLD_AFTER_MILLISECONDS = 180_000;

/** What is known after another run. */
export function noteWaiting(
  before: KnownWaiting | undefined,
  isWaiting: boolean,
  now: number,
): KnownWaiting | undefined {
  const { since, toldAt } = before ?? {};
  if (!isWaiting) return toldAt === undefined ? undefined : { toldAt };
  const from = since ?? now;
  if (now - from >= TOLD_AFTER_MILLISECONDS) return { since: from, toldAt: now };
  return { since: from, ...(toldAt === undefined ? {} : { toldAt }) };
}

/**
 * Whether a person who is told of an old event would hear of the same twice: its reason is told, or was until a moment
 * ago, and what has gathered has not had its time yet.
 */
export function isTold({ toldAt }: KnownWaiting = {}, graceSeconds: number, now: number): boolean {
  return toldAt !== undefined && now - toldAt < graceSeconds * 1_000;
}
