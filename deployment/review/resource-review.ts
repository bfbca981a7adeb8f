import { defined } from "../../contract/defined.ts";
import { isObject, type PlannedResource } from "../../terraform/plan-json.ts";
import { type AttributeChange, compareAttributes } from "./attributes.ts";
import { createdAttributes } from "./created.ts";
import { isDecided } from "./drift.ts";
import type { Names } from "./names.ts";
import { comparePolicyAttributes } from "./permissions.ts";
import { type Action, actionOf, addressOf, UNKNOWN } from "./planned.ts";
import type { Snapshot } from "./snapshot.ts";
import type { PermissionChange } from "./statements.ts";

/** What a plan does to one resource. */
export interface ResourceReview extends PermissionChange {
  readonly address: string;
  readonly action: Action;
  /** Why it is replaced or destroyed: the attributes that force it, or Terraform's reason. */
  readonly because: readonly string[];
  readonly movedFrom?: string;
  /** Its id in AWS, where it is there already and comes under Terraform's care. */
  readonly importedAs?: string;
  readonly attributes: readonly AttributeChange[];
  /** The digest of a function's new code, where that changes. */
  readonly code?: string;
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

/** What the plan does to it; nothing where it does nothing. */
export function reviewResource(resource: PlannedResource, names: Names): ResourceReview[] {
  const { type, change, previous_address: movedFrom } = resource;
  const address = addressOf(resource);
  const action = actionOf(resource);
  const isMoved = movedFrom !== undefined && movedFrom !== address;
  const importing = isObject(change.importing) ? change.importing : undefined;
  if (action === undefined && !isMoved && importing === undefined) return [];
  const compared = attributesOf(resource, action, names);
  const isCode = isCodeOf(type);
  const after = isObject(change.after) ? change.after : {};
  return [
    {
      address,
      action: action ?? (importing === undefined ? "change" : "import"),
      because: action === "replace" || action === "destroy" ? reasons(resource) : [],
      ...defined({
        movedFrom: isMoved ? movedFrom : undefined,
        importedAs: importing === undefined ? undefined : String(importing.id ?? UNKNOWN),
      }),
      attributes: compared.filter((attribute) => !isCode(attribute)),
      ...(compared.some(isCode) && action !== "create"
        ? { code: String(after["source_code_hash"] ?? after["s3_key"] ?? after["image_uri"] ?? "new") }
        : {}),
      ...comparePolicyAttributes(resource, names),
    },
  ];
}

const isCodeOf = (type: string) => {
  const isFunction = FUNCTION_CODE.test(type);
  return ({ path }: AttributeChange) => isFunction && CODE.has(path);
};

function attributesOf(
  resource: PlannedResource,
  action: Action | undefined,
  names: Names,
): AttributeChange[] {
  if (action === "create") return createdAttributes(resource, names);
  if (action === "change" || action === "replace") return compareAttributes(pairOf(resource, names), names);
  return [];
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

/** What somebody has done to it by other means than Terraform. */
export function reviewDrift(resource: PlannedResource, before: Snapshot, names: Names): ResourceReview[] {
  const action = actionOf(resource);
  if (action === undefined) return [];
  const compared = action === "change" ? compareAttributes(pairOf(resource, names), names) : [];
  const decided = compared.filter((attribute) => isDecided(resource, attribute, before, names));
  const isCode = isCodeOf(resource.type);
  const attributes = decided.filter((attribute) => !isCode(attribute));
  const permissions = comparePolicyAttributes(resource, names);
  const differs = decided.length + permissions.added.length + permissions.removed.length > 0;
  if (action !== "destroy" && !differs) return [];
  const code = decided.some(isCode) ? { code: "other than Terraform's" } : {};
  return [{ address: addressOf(resource), action, because: [], attributes, ...code, ...permissions }];
}
