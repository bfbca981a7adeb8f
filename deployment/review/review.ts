import {
  type Change,
  isEmpty,
  isObject,
  type PlanJson,
  type PlannedResource,
  type StackJson,
} from "../../terraform/plan-json.ts";
import { type AttributeChange, compareAttributes, shown } from "./attributes.ts";
import { EVERYTHING, keptFor, lostWith } from "./data-stores.ts";
import { Names } from "./names.ts";
import { comparePolicyAttributes } from "./permissions.ts";
import type { PermissionChange } from "./statements.ts";

export type Action = "create" | "change" | "replace" | "destroy" | "forget";

/** What a plan does to one resource. */
export interface ResourceReview extends PermissionChange {
  readonly address: string;
  readonly action: Action;
  /** Why it is replaced or destroyed: the attributes that force it, or Terraform's reason. */
  readonly because: readonly string[];
  readonly movedFrom?: string;
  readonly attributes: readonly AttributeChange[];
  /** The digest of a function's new code, where that changes. */
  readonly code?: string;
}

/** Data that a plan deletes for good. */
export interface Loss {
  readonly address: string;
  readonly how: "destroyed" | "replaced" | "kept for less";
  readonly because: readonly string[];
  readonly lost: string;
  /** What is created of the same type: it may be the same thing under a new address. */
  readonly twin?: string;
}

/** A plan as a reviewer wants it, in the same words whatever the plan. */
export interface Review {
  readonly environment: string;
  readonly counts: Readonly<Record<Action, number>>;
  readonly losses: readonly Loss[];
  readonly changes: readonly ResourceReview[];
  /** What was changed by other means than Terraform; `destroy`: somebody deleted it. */
  readonly drift: readonly ResourceReview[];
  readonly outputs: readonly AttributeChange[];
}

/** Attributes that say which code a function runs. */
const CODE = new Set([
  "source_code_hash",
  "code_sha256",
  "filename",
  "image_uri",
  "s3_bucket",
  "s3_key",
  "s3_object_version",
  "source_code_size",
]);
const FUNCTION_CODE = /^aws_lambda_(function|layer_version)$/;

/**
 * Reads a plan.
 *
 * @param plan `terraform show -json` of it
 * @param stack the `cdk.tf.json` that was planned: it says what Terraform cannot know before the apply
 */
export function reviewPlan(environment: string, plan: PlanJson, stack: StackJson): Review {
  const names = new Names(plan, stack);
  const planned = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  const changes = planned.flatMap((resource) => reviewResource(resource, names)).sort(byActionAndAddress);
  const drift = (plan.resource_drift ?? []).flatMap((resource) => reviewDrift(resource, names));
  return {
    environment,
    counts: count(changes),
    losses: losses(planned, changes),
    changes,
    drift: drift.sort(byActionAndAddress),
    outputs: reviewOutputs(plan.output_changes ?? {}, names),
  };
}

const ORDER: readonly Action[] = ["destroy", "replace", "forget", "change", "create"];

function byActionAndAddress(left: ResourceReview, right: ResourceReview): number {
  return ORDER.indexOf(left.action) - ORDER.indexOf(right.action) || (left.address < right.address ? -1 : 1);
}

function actionOf({ actions }: Change): Action | undefined {
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "destroy";
  if (actions.includes("create")) return "create";
  if (actions.includes("update")) return "change";
  return actions.includes("forget") ? "forget" : undefined;
}

function reviewResource(resource: PlannedResource, names: Names): ResourceReview[] {
  const { address, type, change, previous_address: movedFrom } = resource;
  const action = actionOf(change);
  if (action === undefined && (movedFrom === undefined || movedFrom === address)) return [];
  const compared =
    action === "change" || action === "replace" ? compareAttributes(pairOf(resource, names), names) : [];
  const isCode = ({ path }: AttributeChange) => FUNCTION_CODE.test(type) && CODE.has(path);
  const after = isObject(change.after) ? change.after : {};
  return [
    {
      address,
      action: action ?? "change",
      because: action === "replace" || action === "destroy" ? reasons(resource) : [],
      ...(movedFrom !== undefined && movedFrom !== address ? { movedFrom } : {}),
      attributes: compared.filter((attribute) => !isCode(attribute)),
      ...(compared.some(isCode)
        ? { code: String(after["source_code_hash"] ?? after["s3_key"] ?? after["image_uri"] ?? "new") }
        : {}),
      ...comparePolicyAttributes(resource, names),
    },
  ];
}

function pairOf({ address, change }: PlannedResource, names: Names) {
  return {
    before: change.before,
    after: change.after,
    hidden: [change.before_sensitive, change.after_sensitive],
    unknown: change.after_unknown,
    synthesised: names.synthesised(address),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is tainted: its last deployment failed half-way",
  replace_by_request: "it was asked for by -replace",
  replace_by_triggers: "something that it follows is replaced",
  delete_because_no_resource_config: "it is no longer in the stack",
  delete_because_no_module: "its module is no longer in the stack",
  delete_because_each_key: "its key is no longer in the stack",
  delete_because_count_index: "there are fewer of them in the stack",
};

function reasons({ change, action_reason: reason = "" }: PlannedResource): string[] {
  const forced = (change.replace_paths ?? []).map((path) => path.map(String).join("."));
  const known = REASONS[reason];
  return [...new Set([...forced, ...(known === undefined ? [] : [known])])];
}

/** Only what the stack asks for can drift: what the provider computes is nobody's decision. */
function reviewDrift(resource: PlannedResource, names: Names): ResourceReview[] {
  const action = actionOf(resource.change);
  const synthesised = names.synthesised(resource.address);
  if (action === undefined) return [];
  const compared = action === "change" ? compareAttributes(pairOf(resource, names), names) : [];
  const attributes = compared.filter(({ path }) => {
    const [attribute = ""] = path.split(/[.[]/);
    return synthesised !== undefined && (attribute in synthesised || attribute === "tags_all");
  });
  const permissions = comparePolicyAttributes(resource, names);
  const differs = attributes.length + permissions.added.length + permissions.removed.length > 0;
  if (action !== "destroy" && !differs) return [];
  return [{ address: resource.address, action, because: [], attributes, ...permissions }];
}

function count(changes: readonly ResourceReview[]): Record<Action, number> {
  const counts = { create: 0, change: 0, replace: 0, destroy: 0, forget: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
}

function losses(planned: readonly PlannedResource[], changes: readonly ResourceReview[]): Loss[] {
  const created = planned.filter(({ change }) => actionOf(change) === "create");
  return changes.flatMap(({ address, action, because }): Loss[] => {
    const resource = planned.find((one) => one.address === address);
    if (resource === undefined) return [];
    const lost = lostWith[resource.type];
    if (action === "change") return shortened(resource);
    if (lost === undefined || (action !== "destroy" && action !== "replace")) return [];
    const twin = created.find(({ type }) => action === "destroy" && type === resource.type);
    const how = action === "destroy" ? "destroyed" : "replaced";
    return [{ address, how, because, lost, ...(twin && { twin: twin.address }) }];
  });
}

/** 0 means for ever: to CloudWatch, and to a bucket without a rule. */
function shortened({ address, type, change }: PlannedResource): Loss[] {
  const told = keptFor[type];
  if (told === undefined) return [];
  const [before, after] = [change.before, change.after].map((value) =>
    told.kept((value ?? {}) as Readonly<Record<string, unknown>>),
  );
  if (before === undefined || after === undefined) return [];
  const because = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [from, to] = [before, after].map((kept) => kept[name] ?? kept[EVERYTHING] ?? 0) as [number, number];
    return to > 0 && (from === 0 || to < from) ? [`${name}: ${from} → ${to}`] : [];
  });
  return because.length === 0 ? [] : [{ address, how: "kept for less", because, lost: told.lost }];
}

function reviewOutputs(outputs: Readonly<Record<string, Change>>, names: Names): AttributeChange[] {
  return Object.entries(outputs)
    .filter(([, { actions }]) => !actions.includes("no-op"))
    .map(([path, { before, after, after_unknown, before_sensitive, after_sensitive }]) => {
      const hidden = !isEmpty(before_sensitive) && before_sensitive !== false ? true : after_sensitive;
      if (hidden !== false && hidden !== undefined && !isEmpty(hidden)) {
        return { path, before: "(sensitive)", after: "(sensitive)" };
      }
      return {
        path,
        before: shown(before, names),
        after: after_unknown === true ? "(known after apply)" : shown(after, names),
      };
    });
}
