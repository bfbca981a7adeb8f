import { isDeepStrictEqual } from "node:util";
import { isObject, type PlanJson } from "../../terraform/plan-json.ts";
import type { Loss } from "./loss.ts";
import { addressOf } from "./planned.ts";
import { managed } from "./snapshots.ts";

/** Values that change and are called sensitive from now on: nobody can tell what they are, and what they lose. */
export function hiddenFromNow(plan: PlanJson): Loss[] {
  return managed(plan.resource_changes).flatMap((resource) => {
    const { before, after, before_sensitive: was, after_sensitive: is } = resource.change;
    if (!isObject(before) || !isObject(after)) return [];
    const names = Object.keys(after).filter(
      (name) => isMarked(is, name) && !isMarked(was, name) && !isDeepStrictEqual(before[name], after[name]),
    );
    if (names.length === 0) return [];
    return [
      {
        address: addressOf(resource),
        how: "changed" as const,
        because: names.map((name) => `${name}: called sensitive from now on`),
        lost: "nobody can tell what: the value changes, and is not shown",
        remedy: "Call sensitive what is secret, and nothing else.",
      },
    ];
  });
}

function isMarked(mask: unknown, name: string): boolean {
  if (!isObject(mask)) return mask === true;
  return JSON.stringify(mask[name] ?? false).includes("true");
}
