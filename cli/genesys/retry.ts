import type { Clock } from "./clock.ts";
import { GenesysError } from "./genesys-error.ts";

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  /** Milliseconds from the first attempt after which none is begun. */
  readonly total: number;
  /** Milliseconds: the first pause is random up to this, the next up to twice as much. */
  readonly base: number;
  /** Milliseconds that no such pause exceeds; what Genesys asks for by `Retry-After` may. */
  readonly cap: number;
}

export const standardRetryPolicy: RetryPolicy = { attempts: 6, total: 120_000, base: 500, cap: 20_000 };

interface Surroundings {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the work, and again where that may help, after a pause with full jitter or the one that Genesys asks for.
 *
 * @param repeatable whether doing the work twice is as good as once; otherwise it is repeated only where
 *   nothing can have been done
 * @throws {GenesysError} what the last attempt ended with
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  repeatable: boolean,
  retryPolicy: RetryPolicy,
  { clock, random, signal }: Surroundings,
): Promise<T> {
  const start = clock.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GenesysError)) throw error;
      const again = error.passing && (repeatable || !error.unclear);
      const jitter = random() * Math.min(retryPolicy.cap, retryPolicy.base * 2 ** (attempt - 1));
      const pause = (error.retryAfterSeconds ?? 0) * 1_000 + jitter;
      const elapsed = clock.now() - start;
      if (!again || attempt >= retryPolicy.attempts || elapsed + pause > retryPolicy.total) {
        throw error.after(attempt, elapsed);
      }
      await clock.pause(pause, signal);
    }
  }
}
