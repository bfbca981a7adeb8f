import { isDeepStrictEqual } from "node:util";
import type { Review } from "./review.ts";

/**
 * Where a plan is not the one that was reviewed. All that a reviewer saw counts: actions, attributes,
 * permissions, the digest of code and what is lost; drift does not, for it is no change that would be made.
 *
 * @returns addresses, and names of outputs; empty when both plans do the same
 */
export function differences(reviewed: Review, now: Review): string[] {
  const [old, young] = [byName(reviewed), byName(now)];
  const names = new Set([...old.keys(), ...young.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(old.get(name), young.get(name))).sort();
}

function byName({ changes, losses, outputs }: Review): Map<string, unknown> {
  return new Map<string, unknown>([
    ...changes.map((change) => [change.address, change] as const),
    ...losses.map((loss) => [`loss of ${loss.address}`, loss] as const),
    ...outputs.map((output) => [`output ${output.path}`, output] as const),
  ]);
}
