import { requireEqual } from "../require.ts";
import { hands } from "./hands.ts";
import type { Living } from "./living.ts";

/**
 * Does behind Terraform's back what hands do, all of it. A plan has to name each; the next apply takes all of it back,
 * and leaves nothing to be done.
 *
 * @throws {Error} naming what a plan does not see
 */
export async function restoreWhatHandsChange(living: Living): Promise<void> {
  const stores = await living.stores();
  const failed: string[] = [];
  for (const { title, work } of hands) {
    await work(living.cloud, stores).catch((error: Error) => failed.push(`${title}: ${error.message}`));
  }
  if (failed.length > 0) throw new Error(`hands cannot change:\n${failed.join("\n")}`);
  const { stdout } = await living.plan("plan after what hands have changed");
  const named = new Set(
    [...stdout.matchAll(/^ {2}# (\S+) (?:will|must) be/gm)].map(([, address]) => address),
  );
  requireEqual(
    "a plan after what hands have changed",
    Object.fromEntries(hands.map(({ address, title }) => [title, [true, named.has(address)]])),
  );
  await living.apply();
  await living.requireEmptyPlan("plan after that was taken back");
  await living.contents.requireIntact(stores);
}
