import {
  type Change,
  isEmpty,
  isObject,
  type PlannedResource,
  type Values,
} from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";
import {
  comparePermissions,
  comparePolicies,
  invocation,
  isPolicy,
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
  const sides = [change.before, afterOf(resource, names)].map((values) => withoutSensitive(values, change));
  const permissionsOf = permissionsByType[type];
  if (permissionsOf !== undefined) {
    const [before = [], after = []] = sides.map((values) => (values ? [permissionsOf(values, names)] : []));
    return comparePermissions(before, after);
  }
  const changes = policyAttributes(resource, names, sides).map((attribute) => {
    const [before, after] = sides.map((values) => values?.[attribute]);
    const { added, removed } = comparePolicies(before, after, (text) => names.named(text));
    return { removed, added: isReadable(after) ? added : [UNREADABLE] };
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
  aws_iam_role_policy_attachment: (values, names) => ({
    effect: "allow",
    action: `everything that ${names.named(String(values["policy_arn"]))} allows`,
    rest: ` for ${String(values["role"])}`,
  }),
};

/**
 * The attributes that hold a policy of the resource's own. A queue, a bucket and a topic also repeat the one
 * that another resource gives them.
 */
function policyAttributes(
  { address, type }: PlannedResource,
  names: Names,
  sides: readonly (Values | undefined)[],
): string[] {
  const synthesised = names.synthesised(address);
  const own = (attribute: string) =>
    (synthesised !== undefined && attribute in synthesised) ||
    type.endsWith("_policy") ||
    attribute === "assume_role_policy";
  const attributes = new Set(sides.flatMap((values) => Object.keys(values ?? {})));
  return [...attributes].filter((attribute) => {
    const values = sides.map((side) => side?.[attribute]);
    const holds = values.some(isPolicy) || (POLICY.test(attribute) && !values.every(isReadable));
    return holds && own(attribute);
  });
}

function isReadable(value: unknown): boolean {
  return isEmpty(value) || isPolicy(value);
}

/** The resource after the apply; what Terraform does not know yet is taken from the stack. */
function afterOf({ address, change }: PlannedResource, names: Names): Values | undefined {
  if (!isObject(change.after)) return undefined;
  const synthesised = names.synthesised(address) ?? {};
  const unknown = isObject(change.after_unknown) ? change.after_unknown : {};
  const expected = Object.keys(synthesised)
    .filter((attribute) => unknown[attribute] === true)
    .map((attribute) => [attribute, names.expected(synthesised[attribute])] as const);
  return { ...change.after, ...Object.fromEntries(expected) };
}

/** What is sensitive on one side is read on neither: that it changes is said among the attributes. */
function withoutSensitive(
  values: unknown,
  { before_sensitive, after_sensitive }: Change,
): Values | undefined {
  if (!isObject(values)) return undefined;
  const hidden = (attribute: string) =>
    [before_sensitive, after_sensitive].some(
      (mask) => mask === true || (isObject(mask) && mask[attribute] === true),
    );
  return Object.fromEntries(Object.entries(values).filter(([attribute]) => !hidden(attribute)));
}
