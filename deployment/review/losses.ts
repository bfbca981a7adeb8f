import type { PlanJson, PlannedResource } from "../../terraform/plan-json.ts";
import type { AlreadyThere } from "./already-there.ts";
import { lostWith } from "./data-stores.ts";
import { hiddenFromNow } from "./hidden.ts";
import type { Loss } from "./loss.ts";
import type { Names } from "./names.ts";
import { orphanedByRegion, regionsBefore } from "./orphaned-region.ts";
import { actionOf, addressOf, goesFirst } from "./planned.ts";
import { unprotected } from "./prevent-destroy.ts";
import type { ResourceReview } from "./resource-review.ts";
import { safeguards } from "./safeguards/index.ts";
import type { Course } from "./safeguards/safeguard.ts";
import { managed, type Snapshots } from "./snapshots.ts";

/** All that a plan loses: what is orphaned first, then what is deleted, then what weakens. */
export function lossesOf(
  plan: PlanJson,
  changes: readonly ResourceReview[],
  snapshots: Snapshots,
  names: Names,
): Loss[] {
  return together([
    ...orphanedByRegion(plan, names),
    ...deleted(plan, changes),
    ...goneAlready(plan, names),
    ...weakened(plan, snapshots),
    ...hiddenFromNow(plan),
    ...unprotected(snapshots),
  ]);
}

const HOW = { destroy: "destroyed", replace: "replaced", forget: "forgotten" } as const;

function deleted(plan: PlanJson, changes: readonly ResourceReview[]): Loss[] {
  const planned = managed(plan.resource_changes);
  const created = planned.filter((resource) => actionOf(resource) === "create");
  return changes.flatMap(({ address, action, because }): Loss[] => {
    const resource = planned.find((one) => addressOf(one) === address);
    const lost = resource && lostWith[resource.type];
    if (lost === undefined || (action !== "destroy" && action !== "replace" && action !== "forget"))
      return [];
    const twin = created.find(({ type }) => action !== "replace" && type === resource?.type);
    return [
      {
        address,
        how: HOW[action],
        because,
        lost: action === "forget" ? `${lost}: it stays where it is, and nothing looks after it` : lost,
        ...(twin && { twin: twin.address }),
      },
    ];
  });
}

/** What somebody has deleted already. In another region it is not gone, but orphaned. */
function goneAlready(plan: PlanJson, names: Names): Loss[] {
  return managed(plan.resource_drift).flatMap((resource): Loss[] => {
    const lost = lostWith[resource.type];
    if (lost === undefined || actionOf(resource) !== "destroy" || isElsewhere(resource, names)) return [];
    return [
      {
        address: resource.address,
        how: "gone",
        because: ["it was deleted by other means than Terraform"],
        lost,
        remedy: "What the plan makes in its place is empty: see first whether it can be brought back.",
      },
    ];
  });
}

function isElsewhere(resource: PlannedResource, names: Names): boolean {
  const regions = names.regions();
  return regions.length > 0 && [...regionsBefore([resource])].some((region) => !regions.includes(region));
}

/** Against what is there, and against what Terraform left there: a hand may have weakened it, and the stack agreed. */
function weakened(plan: PlanJson, { asLeft, before, after }: Snapshots): Loss[] {
  const planned = new Map(
    managed(plan.resource_changes)
      .filter(({ deposed }) => deposed === undefined)
      .map((resource) => [resource.address, resource]),
  );
  const course: Course = {
    isInterrupted(from, to) {
      const [was, is] = [planned.get(from), planned.get(to)];
      if (from !== to) return was !== undefined && actionOf(was) === "destroy";
      return is !== undefined && actionOf(is) === "replace" && goesFirst(is);
    },
  };
  return safeguards.flatMap(({ weakened: of }) => [
    ...of(before, after, course),
    ...of(asLeft, after, course),
  ]);
}

/** What is one and the same loss, for several reasons, is told once. */
function together(losses: readonly Loss[]): Loss[] {
  const found = new Map<string, Loss>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.address, loss.how, loss.lost]);
    const because = [...new Set([...(found.get(key)?.because ?? []), ...loss.because])];
    found.set(key, { ...loss, because });
  }
  return [...found.values()];
}

/** What the plan makes, and the account has: the state that knew of it is another one, or is lost. */
export function orphanedByState(there: readonly AlreadyThere[]): Loss[] {
  if (there.length === 0) return [];
  return [
    {
      address: "terraform.backend",
      how: "orphaned",
      because: there.map(({ address, name }) => `${address} would be made, and there is ${name}`),
      lost: "every event that is there or still goes there, with all that delivers it and all that raises an alarm: this state knows nothing of it",
      remedy:
        "Put region, bucket and key of the state back, or bring the state along: terraform init -migrate-state. Where a deployment was killed: terraform import <address> <id>.",
    },
  ];
}
