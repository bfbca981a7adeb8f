import { isDeepStrictEqual } from "node:util";
import {
  isEmpty,
  isObject,
  type PlanJson,
  type PlannedResource,
  type Values,
} from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";
import { actionOf } from "./planned.ts";
import { managed } from "./snapshots.ts";

/** Why a plan cannot be applied, although Terraform makes it: it would stop half-way. */
export interface Obstacle {
  readonly address: string;
  readonly because: readonly string[];
  readonly why: string;
  readonly remedy: string;
}

/** Tags go by a call of their own. */
const TAGS = ["tags", "tags_all"];
/** What Terraform only remembers, and AWS is not told. */
const OWN = ["has_value_wo", "version", "overwrite", "id", "arn", "timeouts"];

/**
 * Parameters with a write-only value: the provider changes anything but tags by writing the whole parameter, and does
 * not know its value. SSM refuses an empty one, and the apply stops there.
 */
export function obstaclesOf(plan: PlanJson, names: Names): Obstacle[] {
  return managed(plan.resource_changes).flatMap((resource) => {
    if (resource.type !== "aws_ssm_parameter" || actionOf(resource) !== "change") return [];
    if (!isWriteOnly(resource, names)) return [];
    const because = changedIn(resource);
    if (because.length === 0 || because.includes("value_wo_version")) return [];
    return [
      {
        address: resource.address,
        because,
        why: "SSM takes a parameter as a whole only, and Terraform does not know the secret in it: the apply stops here, half-way",
        remedy:
          "Undo the change, and let the command secret set write the secret under the new key; or, of anything else, let lifecycle.ignore_changes name the attribute.",
      },
    ];
  });
}

function isWriteOnly({ address, change: { before } }: PlannedResource, names: Names): boolean {
  const asked = names.synthesised(address) ?? {};
  return "value_wo" in asked || (isObject(before) && before["has_value_wo"] === true);
}

function changedIn({ change }: PlannedResource): string[] {
  const [before, after, unknown] = [change.before, change.after, change.after_unknown].map(
    (value): Values => (isObject(value) ? value : {}),
  ) as [Values, Values, Values];
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names].filter((name) => {
    if (TAGS.includes(name) || OWN.includes(name)) return false;
    if (unknown[name] === true) return true;
    return !isDeepStrictEqual(before[name], after[name]) && !(isEmpty(before[name]) && isEmpty(after[name]));
  });
}
