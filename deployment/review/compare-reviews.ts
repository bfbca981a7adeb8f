import { isDeepStrictEqual } from "node:util";
import type { Review } from "./review.ts";

/**
 * Where a plan is not the one that was reviewed. All that a reviewer saw counts: actions, attributes, permissions,
 * imports, the digest of code, what is lost or stands in the way, drift, and with which provider it was planned for
 * which state.
 *
 * @returns addresses and names of what differs; empty when both plans do the same
 */
export function differences(reviewed: Review, now: Review): string[] {
  const [old, young] = [byName(reviewed), byName(now)];
  const names = new Set([...old.keys(), ...young.keys()]);
  const different = [...names].filter((name) => !isDeepStrictEqual(old.get(name), young.get(name))).sort();
  return [...different, ...differentPlanners(reviewed, now)];
}

/** Members that the JSON of an older version does not have are empty. */
function byName(review: Partial<Review>): Map<string, unknown> {
  const { changes = [], losses = [], outputs = [], drift = [] } = review;
  const { obstacles = [], strangers = [], exposures = [] } = review;
  return new Map<string, unknown>([
    ...changes.map((change) => [change.address, change] as const),
    ...together("loss of", losses),
    ...together("obstacle at", obstacles),
    ...together("drift of", drift),
    ...together("permissions added by hand to", strangers),
    ...together("opened by", exposures),
    ...outputs.map((output) => [`output ${output.path}`, output] as const),
  ]);
}

/** There may be several of one address. */
function together<T extends { readonly address: string }>(what: string, all: readonly T[]): Map<string, T[]> {
  const byAddress = new Map<string, T[]>();
  for (const one of all) {
    const name = `${what} ${one.address}`;
    byAddress.set(name, [...(byAddress.get(name) ?? []), one]);
  }
  return byAddress;
}

function differentPlanners({ planner: old = {} }: Partial<Review>, { planner: young }: Review): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(young)])]
    .filter((name) => old[name] !== young[name])
    .map((name) => `${name}: ${old[name] ?? "unknown"} → ${young[name] ?? "unknown"}`);
}
