import { setTimeout as timer } from "node:timers/promises";
import { defined } from "../contract/defined.ts";

/**
 * Resolves after so many milliseconds, at once where there are none, and early when the signal is aborted. It never
 * rejects: whoever has to end then looks at the signal.
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds > 0 && !signal?.aborted) {
    await timer(milliseconds, undefined, defined({ signal })).catch(() => undefined);
  }
}
