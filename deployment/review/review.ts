import { type Change, isEmpty, type PlanJson, type StackJson } from "../../terraform/plan-json.ts";
import type { Found } from "./already-there.ts";
import { type AttributeChange, shown } from "./attributes.ts";
import { type Exposure, exposuresOf } from "./exposures.ts";
import type { Loss } from "./loss.ts";
import { lossesOf, orphanedByState } from "./losses.ts";
import { Names } from "./names.ts";
import { type Obstacle, obstaclesOf } from "./obstacles.ts";
import { type Action, SENSITIVE, UNKNOWN } from "./planned.ts";
import { type Planner, plannerOf } from "./planner.ts";
import { type ResourceReview, reviewDrift, reviewResource } from "./resource-review.ts";
import { managed, snapshotsOf } from "./snapshots.ts";
import { type Stranger, strangersIn } from "./strangers.ts";

/** A plan as a reviewer wants it, in the same words whatever the plan. */
export interface Review {
  readonly environment: string;
  readonly planner: Planner;
  readonly counts: Readonly<Record<Action, number>>;
  readonly losses: readonly Loss[];
  readonly obstacles: readonly Obstacle[];
  readonly strangers: readonly Stranger[];
  readonly exposures: readonly Exposure[];
  readonly changes: readonly ResourceReview[];
  /** What was changed by other means than Terraform; `destroy`: somebody deleted it. */
  readonly drift: readonly ResourceReview[];
  readonly outputs: readonly AttributeChange[];
  /** What could not be looked at, and why. */
  readonly unchecked: readonly string[];
}

/** What is known beside a plan and its stack. */
export interface Surroundings {
  /** Which providers planned: `.terraform.lock.hcl`. */
  readonly lock?: string;
  /** What the account has of what the plan makes. */
  readonly found?: Found;
}

/**
 * Reads a plan.
 *
 * @param plan `terraform show -json` of it
 * @param stack the `cdk.tf.json` that was planned: it says what Terraform cannot know before the apply
 */
export function reviewPlan(
  environment: string,
  plan: PlanJson,
  stack: StackJson,
  { lock = "", found = { there: [], unchecked: [] } }: Surroundings = {},
): Review {
  const names = new Names(plan, stack);
  const snapshots = snapshotsOf(plan, names);
  const changes = managed(plan.resource_changes).flatMap((resource) => reviewResource(resource, names));
  const drift = managed(plan.resource_drift).flatMap((resource) =>
    reviewDrift(resource, snapshots.before, names),
  );
  changes.sort(byActionAndAddress);
  return {
    environment,
    planner: plannerOf(plan, stack, names, lock),
    counts: count(changes),
    losses: [...orphanedByState(found.there), ...lossesOf(plan, changes, snapshots, names)],
    obstacles: obstaclesOf(plan, names),
    strangers: strangersIn(snapshots, names),
    exposures: exposuresOf(snapshots, changes),
    changes,
    drift: drift.sort(byActionAndAddress),
    outputs: reviewOutputs(plan.output_changes ?? {}, names),
    unchecked: found.unchecked,
  };
}

const ORDER: readonly Action[] = ["destroy", "replace", "forget", "change", "create", "import"];

function byActionAndAddress(left: ResourceReview, right: ResourceReview): number {
  return ORDER.indexOf(left.action) - ORDER.indexOf(right.action) || (left.address < right.address ? -1 : 1);
}

function count(changes: readonly ResourceReview[]): Record<Action, number> {
  const counts = { create: 0, change: 0, replace: 0, destroy: 0, forget: 0, import: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
}

function reviewOutputs(outputs: Readonly<Record<string, Change>>, names: Names): AttributeChange[] {
  return Object.entries(outputs)
    .filter(([, { actions }]) => !actions.includes("no-op"))
    .map(([path, { before, after, after_unknown, before_sensitive, after_sensitive }]) => {
      const hidden = !isEmpty(before_sensitive) && before_sensitive !== false ? true : after_sensitive;
      if (hidden !== false && hidden !== undefined && !isEmpty(hidden)) {
        return { path, before: SENSITIVE, after: SENSITIVE };
      }
      return {
        path,
        before: shown(before, names),
        after: after_unknown === true ? UNKNOWN : shown(after, names),
      };
    });
}
