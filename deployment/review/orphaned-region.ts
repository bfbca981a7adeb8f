import { isObject, type PlanJson, type PlannedResource } from "../../terraform/plan-json.ts";
import type { Loss } from "./loss.ts";
import type { Names } from "./names.ts";
import { managed } from "./snapshots.ts";

const IN_REGION = /^arn:[^:]*:[^:]*:([a-z]{2}(?:-[a-z]+)+-\d):/;

/** The regions in which resources are, or were before Terraform looked for them and found nothing. */
export function regionsBefore(resources: readonly PlannedResource[]): Set<string> {
  return new Set(
    resources.flatMap(({ change: { before } }) => {
      const arn = isObject(before) ? before["arn"] : undefined;
      const region = typeof arn === "string" ? IN_REGION.exec(arn)?.[1] : undefined;
      return region === undefined ? [] : [region];
    }),
  );
}

/**
 * Resources that are in another region than the one that is planned. Terraform looks for them there, finds nothing,
 * and makes everything anew: what is where it was goes on, and nobody looks after it.
 */
export function orphanedByRegion(plan: PlanJson, names: Names): Loss[] {
  const planned = names.regions();
  if (planned.length === 0) return [];
  const resources = [...managed(plan.resource_changes), ...managed(plan.resource_drift)];
  const left = [...regionsBefore(resources)].filter((region) => !planned.includes(region)).sort();
  return left.map((region) => ({
    address: "provider.aws",
    how: "orphaned",
    because: [`region: ${region} → ${planned.join(", ")}`],
    lost: `every event that is in ${region} or still goes there, with all that delivers it and all that raises an alarm`,
    remedy: `Put the region back. To move, make another environment in ${planned.join(", ")}, let Genesys post to it, and take this one down when it is empty.`,
  }));
}
