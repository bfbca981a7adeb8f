import { availableParallelism, totalmem } from "node:os";
import type { Concurrency } from "./invocation-slots.ts";

export interface Machine {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/** Of one function, enough for whatever a laptop does. */
const MOST = 16;
/** One that waits for its destination or for SQS needs no core. */
const PER_CORE = 2;
/** A function's process, as measured: 70 to 110 MB. */
const PROCESS_BYTES = 128 * 1024 ** 2;
/** Share of the memory that functions may take: the rest is the person's own. */
const SHARE = 0.25;
/**
 * As many as the run's own process has work for: it hands over each event, and is SQS, too. An invocation that calls
 * the same function again must not wait for itself.
 */
const USUAL = 2;

/**
 * Invocations of one function at a time that a machine bears: each is a process of its own.
 *
 * @param functions of the stack
 */
export function bearableConcurrency(
  functions: number,
  { cores, memory }: Machine = { cores: availableParallelism(), memory: totalmem() },
): Concurrency {
  const byMemory = Math.floor((memory * SHARE) / PROCESS_BYTES / Math.max(1, functions));
  return { usual: USUAL, most: Math.max(USUAL, Math.min(MOST, cores * PER_CORE, byMemory)) };
}
