import type { Names } from "./names.ts";
import { type Change, isEmpty, isObject, type PlannedResource, type Values } from "./plan-json.ts";
import {
  comparePermissions,
  comparePolicies,
  invocation,
  isPolicy,
  type PermissionChange,
} from "./statements.ts";

/** Attributes that hold a policy document and nothing else. */
const POLICY = /^(assume_role_)?policy$/;
/** What Terraform cannot know of a policy, and the stack does not say in a way that is understood here. */
const UNREADABLE = "a policy that is known only after apply";

/** How the permissions that a resource gives change, whatever attribute it keeps them in. */
export function comparePolicyAttributes(resource: PlannedResource, names: Names): PermissionChange {
  const { type, change } = resource;
  const [before, after] = [beforeOf(change), afterOf(resource, names)];
  if (type === "aws_lambda_permission") return compareInvocations(before, after, names);
  if (type === "aws_iam_role_policy_attachment") return compareAttachments(before, after, names);
  const naming = (text: string) => names.named(text);
  const changes = policyAttributes(resource, names, before, after).map((attribute) => {
    const [old, young] = [before?.[attribute], after?.[attribute]];
    const { added, removed } = comparePolicies(old, young, naming);
    return { removed, added: isReadable(young) ? added : [UNREADABLE] };
  });
  return {
    added: changes.flatMap(({ added }) => added),
    removed: changes.flatMap(({ removed }) => removed),
  };
}

/**
 * The attributes that hold a policy of the resource's own. A queue, a bucket and a topic also repeat the one
 * that another resource gives them.
 */
function policyAttributes(
  { address, type, change }: PlannedResource,
  names: Names,
  before: Values | undefined,
  after: Values | undefined,
): string[] {
  const asked = names.asked(address);
  const own = (attribute: string) =>
    (asked !== undefined && attribute in asked) ||
    type.endsWith("_policy") ||
    attribute === "assume_role_policy";
  const hidden = (attribute: string) =>
    [change.before_sensitive, change.after_sensitive].some(
      (mask) => mask === true || (isObject(mask) && mask[attribute] === true),
    );
  const attributes = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...attributes].filter((attribute) => {
    const values = [before?.[attribute], after?.[attribute]];
    const holds = values.some(isPolicy) || (POLICY.test(attribute) && !values.every(isReadable));
    return holds && own(attribute) && !hidden(attribute);
  });
}

function isReadable(value: unknown): boolean {
  return isEmpty(value) || isPolicy(value);
}

function beforeOf({ before }: Change): Values | undefined {
  return isObject(before) ? before : undefined;
}

/** The resource after the apply; what Terraform does not know yet is taken from the stack. */
function afterOf({ address, change }: PlannedResource, names: Names): Values | undefined {
  if (!isObject(change.after)) return undefined;
  const asked = names.asked(address) ?? {};
  const unknown = isObject(change.after_unknown) ? change.after_unknown : {};
  const expected = Object.keys(asked)
    .filter((attribute) => unknown[attribute] === true)
    .map((attribute) => [attribute, names.expected(asked[attribute])] as const);
  return { ...change.after, ...Object.fromEntries(expected) };
}

function compareInvocations(
  before: Values | undefined,
  after: Values | undefined,
  names: Names,
): PermissionChange {
  const permissions = [before, after].map((values) => {
    if (values === undefined) return [];
    const named = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "string" ? names.named(value) : value,
      ]),
    );
    return [invocation(named, names.functionCalled(String(named["function_name"])))];
  });
  return comparePermissions(permissions[0] ?? [], permissions[1] ?? []);
}

function compareAttachments(
  before: Values | undefined,
  after: Values | undefined,
  names: Names,
): PermissionChange {
  const attachments = [before, after].map((values) =>
    values === undefined
      ? []
      : [
          {
            effect: "allow",
            action: `everything that ${names.named(String(values["policy_arn"]))} allows`,
            rest: ` for ${String(values["role"])}`,
          },
        ],
  );
  return comparePermissions(attachments[0] ?? [], attachments[1] ?? []);
}
