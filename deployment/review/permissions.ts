import { isEmpty, isObject, type PlannedResource, type Values } from "../../terraform/plan-json.ts";
import { isPolicy } from "./grants.ts";
import type { Names } from "./names.ts";
import { SENSITIVE, valuesAfter, withoutSensitive } from "./planned.ts";
import {
  comparePermissions,
  comparePolicies,
  invocation,
  type Permission,
  type PermissionChange,
} from "./statements.ts";

/** Attributes that hold a policy document and nothing else. */
const POLICY = /^(assume_role_)?policy$/;
/** What Terraform cannot know of a policy, and the stack does not say in a way that is understood here. */
const UNREADABLE = "a policy that is known only after apply";

/** How the permissions that a resource gives change, whatever attribute it keeps them in. */
export function comparePolicyAttributes(resource: PlannedResource, names: Names): PermissionChange {
  const { type, change } = resource;
  // What is sensitive on one side is read on neither: that it changes is said among the attributes.
  const sides = [change.before, valuesAfter(resource, names)].map((values) => {
    const shown = withoutSensitive(values, change.before_sensitive, change.after_sensitive);
    return isObject(shown) ? shown : undefined;
  });
  const permissionsOf = permissionsByType[type];
  if (permissionsOf !== undefined) {
    const [before = [], after = []] = sides.map((values) => (values ? [permissionsOf(values, names)] : []));
    return comparePermissions(before, after);
  }
  const changes = policyAttributes(resource, names, sides).map((attribute) => {
    const [before, after] = sides.map((values) => policiesIn(values?.[attribute]));
    const { added, removed } = comparePolicies(before, after, (text) => names.named(text));
    return { removed, added: isReadable(sides[1]?.[attribute]) ? added : [UNREADABLE] };
  });
  return {
    added: changes.flatMap(({ added }) => added),
    removed: changes.flatMap(({ removed }) => removed),
  };
}

/** Types that are a permission themselves, rather than hold a policy. */
const permissionsByType: Readonly<Record<string, (values: Values, names: Names) => Permission>> = {
  aws_lambda_permission: (values, names) => {
    const named = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "string" ? names.named(value) : value,
      ]),
    );
    return invocation(named, names.functionCalled(String(named["function_name"])));
  },
  aws_iam_role_policy_attachment: attachment("role"),
  aws_iam_user_policy_attachment: attachment("user"),
  aws_iam_group_policy_attachment: attachment("group"),
  aws_iam_policy_attachment: attachment("roles", "users", "groups"),
};

/** A managed policy for whoever the attributes name. */
function attachment(...who: readonly string[]): (values: Values, names: Names) => Permission {
  return (values, names) => ({
    effect: "allow",
    action: `everything that ${names.named(String(values["policy_arn"]))} allows`,
    rest: ` for ${who.flatMap((name) => values[name] ?? []).join(", ")}`,
  });
}

/**
 * The attributes that hold a policy of the resource's own. A queue, a bucket and a topic also repeat the one
 * that another resource gives them.
 */
function policyAttributes(
  { address, type, change }: PlannedResource,
  names: Names,
  sides: readonly (Values | undefined)[],
): string[] {
  const synthesised = names.synthesised(address);
  const isNew = isEmpty(change.before);
  const own = (attribute: string) =>
    (synthesised === undefined ? isNew : attribute in synthesised) ||
    type.endsWith("_policy") ||
    attribute === "assume_role_policy";
  const attributes = new Set(sides.flatMap((values) => Object.keys(values ?? {})));
  return [...attributes].filter((attribute) => {
    const values = sides.map((side) => side?.[attribute]);
    const holds =
      values.some((value) => policiesIn(value).length > 0) ||
      (POLICY.test(attribute) && !values.every(isReadable));
    return holds && own(attribute);
  });
}

function isReadable(value: unknown): boolean {
  return isEmpty(value) || value === SENSITIVE || policiesIn(value).length > 0;
}

/** The policies in a value, at whatever depth: a role has its inline ones in blocks. */
function policiesIn(value: unknown): string[] {
  if (isPolicy(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(policiesIn) : [];
}
