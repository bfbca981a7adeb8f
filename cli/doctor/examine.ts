import { setTimeout as pause } from "node:timers/promises";
import type { Check, Patient } from "./check.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { findingFrom } from "./guarded.ts";

/**
 * Runs all checks at once. One that fails, or does not come to an end, is a finding and hides none of the others.
 *
 * @param done is told how many have ended
 * @returns the findings, in the order of the checks
 * @throws the signal's reason when a person gives up
 */
export async function examine(
  checks: readonly Check[],
  patient: Patient,
  { seconds, done }: { readonly seconds: number; readonly done: (count: number) => void },
): Promise<Finding[]> {
  let ended = 0;
  const found = await Promise.all(
    checks.map(async (check) => {
      const findings = await runBounded(check, patient, seconds);
      done(++ended);
      return findings;
    }),
  );
  return found.flat();
}

async function runBounded(
  { name, run }: Check,
  patient: Patient,
  seconds: number,
): Promise<readonly Finding[]> {
  const over = new AbortController();
  const signal = AbortSignal.any([patient.signal, over.signal]);
  const tooLate = pause(seconds * 1_000, undefined, { signal }).then(
    () => [
      findingsOf(name).failure(
        `No answer within ${seconds} s.`,
        "Try again; look at the network and status.aws.amazon.com.",
      ),
    ],
    () => [], // the check has ended first, or a person has given up
  );
  try {
    return await Promise.race([run({ ...patient, signal }), tooLate]);
  } catch (error) {
    return [findingFrom(name, error)];
  } finally {
    over.abort();
    patient.signal.throwIfAborted();
  }
}
