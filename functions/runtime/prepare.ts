import { within } from "./within.ts";

/** Milliseconds: Lambda gives an initialisation ten seconds, and a request waits for it. */
const MILLISECONDS = 1_000;

/**
 * Reads while a function is initialised what its first invocation would have to read. What does not come in time, or
 * fails, is read by the invocation that needs it: an initialisation never fails for it.
 */
export async function prepare(...reads: readonly (() => Promise<unknown>)[]): Promise<void> {
  const all = reads.map((read) => within("Preparing", MILLISECONDS, read));
  await Promise.allSettled(all);
}
