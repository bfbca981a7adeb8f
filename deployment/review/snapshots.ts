import { isObject, type PlanJson, type PlannedResource, type Values } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";
import { actionOf, valuesAfter, withoutSensitive } from "./planned.ts";
import { listOf, type Resource, Snapshot } from "./snapshot.ts";

/** An environment at the three moments that a review compares. */
export interface Snapshots {
  /** As Terraform last left it: a hand may have changed it since. */
  readonly asLeft: Snapshot;
  /** As it is. */
  readonly before: Snapshot;
  readonly after: Snapshot;
}

export function snapshotsOf(plan: PlanJson, names: Names): Snapshots {
  const planned = managed(plan.resource_changes).filter(({ deposed }) => deposed === undefined);
  const before = planned.flatMap((resource) => sideOf(resource, resource.change.before));
  const after = planned.flatMap((resource) => {
    const action = actionOf(resource);
    if (action === "destroy" || action === "forget") return [];
    return sideOf(resource, valuesAfter(resource, names));
  });
  const left = asLeft(before, managed(plan.resource_drift), names);
  const known = [...after, ...before, ...left];
  return {
    asLeft: new Snapshot(left, names, known),
    before: new Snapshot(before, names, known),
    after: new Snapshot(after, names, known),
  };
}

export function managed(resources: readonly PlannedResource[] = []): PlannedResource[] {
  return resources.filter(({ mode }) => mode === "managed");
}

function sideOf({ address, type, change }: PlannedResource, values: unknown): Resource[] {
  if (!isObject(values)) return [];
  const shown = withoutSensitive(values, change.before_sensitive, change.after_sensitive);
  return isObject(shown) ? [{ address, type, values: shown }] : [];
}

/** What is there, with the values that a hand has changed as they were, and with what was deleted. */
function asLeft(before: readonly Resource[], drifted: readonly PlannedResource[], names: Names): Resource[] {
  const left = new Map(before.map((resource) => [resource.address, resource]));
  for (const resource of drifted) {
    const [was] = sideOf(resource, resource.change.before);
    if (was === undefined) continue;
    const is = left.get(resource.address);
    left.set(resource.address, is === undefined ? was : { ...is, values: restored(was, is, names) });
  }
  return [...left.values()];
}

function restored(was: Resource, is: Resource, names: Names): Values {
  const ignored = ignoredBy(names.synthesised(is.address) ?? {});
  const own = Object.entries(was.values).filter(([name]) => !ignored.includes(name));
  return { ...is.values, ...Object.fromEntries(own) };
}

/** The attributes that the stack leaves to others: the breaker switches the mapping off, and secrets are filled in. */
export function ignoredBy(asked: Values): readonly string[] {
  const { lifecycle } = asked;
  return isObject(lifecycle) ? listOf(lifecycle["ignore_changes"]).map(String) : [];
}
