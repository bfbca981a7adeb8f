import { pause } from "../pause.ts";
import type { Check, CheckTarget } from "./check.ts";
import { type CheckResult, resultsOf } from "./check-result.ts";
import { resultFrom } from "./guarded.ts";
import { remedyIn } from "./words.ts";

/**
 * Runs all checks at once. One that fails, or does not come to an end, is a result of its own, and the others are told all the same.
 *
 * @param done is told how many have ended
 * @returns the findings, in the order of the checks
 * @throws the signal's reason when a person gives up
 */
export async function examine(
  checks: readonly Check[],
  target: CheckTarget,
  { seconds, done }: { readonly seconds: number; readonly done: (count: number) => void },
): Promise<CheckResult[]> {
  let ended = 0;
  const found = await Promise.all(
    checks.map(async (check) => {
      const findings = await runBounded(check, target, seconds);
      done(++ended);
      return findings;
    }),
  );
  return found.flat();
}

async function runBounded(
  { name, run }: Check,
  target: CheckTarget,
  seconds: number,
): Promise<readonly CheckResult[]> {
  const over = new AbortController();
  const signal = AbortSignal.any([target.signal, over.signal]);
  const tooLate = pause(seconds * 1_000, signal).then(() => {
    if (signal.aborted) return []; // the check has ended first, or a person has given up
    const remedy = remedyIn(
      target.environment,
      "Try again; look at the network and status.aws.amazon.com.",
      "Try again: the machine may be busy.",
    );
    return [resultsOf(name).failure(`No answer within ${seconds} s.`, remedy)];
  });
  try {
    return await Promise.race([run({ ...target, signal }), tooLate]);
  } catch (error) {
    return [resultFrom(name, error, target.environment.kind)];
  } finally {
    over.abort();
    target.signal.throwIfAborted();
  }
}
