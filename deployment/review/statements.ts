import { document, isObject, type Values } from "../../terraform/plan-json.ts";

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

/** Whether a value is a policy document. */
export function isPolicy(value: unknown): value is string {
  const policy = document(value);
  return isObject(policy) && "Statement" in policy;
}

/** Puts the names of resources into a text. */
type Naming = (text: string) => string;

/**
 * What one policy document allows or denies that the other does not, whatever the order and grouping of their
 * statements. What is not a document allows nothing.
 */
export function comparePolicies(before: unknown, after: unknown, naming: Naming): PermissionChange {
  return comparePermissions(permissionsOf(before, naming), permissionsOf(after, naming));
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

/** Actions that differ in nothing else share a line. */
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

function permissionsOf(policy: unknown, naming: Naming): Permission[] {
  const parsed = named(document(policy), naming);
  if (!isObject(parsed)) return [];
  return listed(parsed["Statement"]).flatMap((statement) =>
    isObject(statement) ? permissions(statement) : [],
  );
}

function named(value: unknown, naming: Naming): unknown {
  if (typeof value === "string") return naming(value);
  if (Array.isArray(value)) return value.map((item) => named(item, naming));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner, naming)]));
}

function permissions(statement: Values): Permission[] {
  const effect = String(statement["Effect"] ?? "Allow").toLowerCase();
  const actions = elements(statement, "Action", "any action but ");
  const resources = elements(statement, "Resource", "anything but ");
  const principals = [
    ...principalsOf(statement["Principal"], ""),
    ...principalsOf(statement["NotPrincipal"], "anybody but "),
  ];
  const condition = conditionOf(statement["Condition"]);
  return actions.flatMap((action) =>
    (resources.length > 0 ? resources : [""]).flatMap((resource) =>
      (principals.length > 0 ? principals : [""]).map((principal) => ({
        effect,
        action,
        rest: `${resource && ` on ${resource}`}${principal && ` for ${principal}`}${condition && ` if ${condition}`}`,
      })),
    ),
  );
}

/** `Action` or `NotAction`: the latter is one thing, however many it excludes. */
function elements(statement: Values, name: string, but: string): string[] {
  const excluded = listed(statement[`Not${name}`]).map(String).sort();
  return [
    ...listed(statement[name]).map(String),
    ...(excluded.length > 0 ? [`${but}${excluded.join(", ")}`] : []),
  ];
}

function principalsOf(principal: unknown, but: string): string[] {
  if (principal === undefined) return [];
  const found = isObject(principal)
    ? Object.entries(principal).flatMap(([kind, values]) =>
        listed(values).map((value) =>
          value === "*" ? "anybody" : `${kind === "AWS" ? "" : `${kind} `}${value}`,
        ),
      )
    : ["anybody"];
  return but === "" ? found : [`${but}${found.sort().join(", ")}`];
}

/** `Bool aws:SecureTransport is false`; all of them have to hold. */
function conditionOf(condition: unknown): string {
  if (!isObject(condition)) return "";
  return Object.entries(condition)
    .flatMap(([operator, tests]) =>
      isObject(tests)
        ? Object.entries(tests).map(
            ([name, values]) => `${operator} ${name} is ${listed(values).map(String).sort().join(" or ")}`,
          )
        : [],
    )
    .sort()
    .join(" and ");
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
