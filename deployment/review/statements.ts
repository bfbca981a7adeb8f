import type { Values } from "../../terraform/plan-json.ts";
import { type Grant, grantsOf, listed, type Naming } from "./grants.ts";

/** One permission: one action on one resource, for one principal, under one condition. */
export interface Permission {
  readonly effect: string;
  readonly action: string;
  /** Everything about it but the action, as it is written behind it. */
  readonly rest: string;
}

/** How the permissions of one policy change, one line each: `allow sqs:SendMessage on aws_sqs_queue.queues_main`. */
export interface PermissionChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What one policy document, or several together, allow or deny that the others do not, whatever the order and grouping
 * of their statements. What is not a document allows nothing.
 */
export function comparePolicies(before: unknown, after: unknown, naming: Naming): PermissionChange {
  const [old, young] = [before, after].map((policies) =>
    listed(policies).flatMap((policy) => permissionsOf(policy, naming)),
  ) as [Permission[], Permission[]];
  return comparePermissions(old, young);
}

/** An `aws_lambda_permission` as a permission. */
export function invocation(values: Values, functionName: string): Permission {
  const given = (name: string) => (values[name] ? String(values[name]) : undefined);
  const condition = [
    ["source", given("source_arn")],
    ["account", given("source_account")],
    ["organization", given("principal_org_id")],
    ["qualifier", given("qualifier")],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} is ${value}`]));
  return {
    effect: "allow",
    action: given("action") ?? "any action",
    rest: ` on ${functionName} for ${given("principal") ?? "anybody"}${condition.map((text, i) => `${i === 0 ? " if " : " and "}${text}`).join("")}`,
  };
}

export function comparePermissions(
  before: readonly Permission[],
  after: readonly Permission[],
): PermissionChange {
  const [old, young] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    added: lines(after.filter((permission) => !old.has(key(permission)))),
    removed: lines(before.filter((permission) => !young.has(key(permission)))),
  };
}

function key({ effect, action, rest }: Permission): string {
  return `${effect} ${action}${rest}`;
}

/** A line for each permission; actions that differ in nothing else share one. */
export function linesOf(grants: readonly Grant[]): string[] {
  return lines(grants.map(toPermission));
}

function lines(permissions: readonly Permission[]): string[] {
  const groups = new Map<string, { effect: string; rest: string; actions: Set<string> }>();
  for (const { effect, action, rest } of permissions) {
    const group = groups.get(`${effect}${rest}`) ?? { effect, rest, actions: new Set() };
    groups.set(`${effect}${rest}`, group);
    group.actions.add(action);
  }
  return [...groups.values()].map(
    ({ effect, rest, actions }) => `${effect} ${[...actions].join(", ")}${rest}`,
  );
}

/** A grant as a line says it, without its effect and action. */
function restOf({ resource, principal, condition }: Omit<Grant, "effect" | "action">): string {
  const tests = condition.map(
    ({ operator, name, values }) => `${operator} ${name} is ${values.join(" or ")}`,
  );
  const conditions = tests.length === 0 ? "" : ` if ${tests.sort().join(" and ")}`;
  return `${resource && ` on ${resource}`}${principal && ` for ${principal}`}${conditions}`;
}

function toPermission(grant: Grant): Permission {
  return { effect: grant.effect, action: grant.action, rest: restOf(grant) };
}

function permissionsOf(policy: unknown, naming: Naming): Permission[] {
  return grantsOf(policy, naming).map(toPermission);
}
