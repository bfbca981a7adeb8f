import { document, isObject, type Values } from "../../terraform/plan-json.ts";

/** Puts the names of resources into a text. */
export type Naming = (text: string) => string;

/** Whether a value is a policy document. */
export function isPolicy(value: unknown): value is string {
  const policy = document(value);
  return isObject(policy) && "Statement" in policy;
}

/** One permission in its parts; `resource` and `principal` are empty where a policy names none. */
export interface Grant {
  readonly effect: string;
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  /** All of them have to hold. */
  readonly condition: readonly ConditionTest[];
}

export interface ConditionTest {
  readonly operator: string;
  readonly name: string;
  /** One of them has to hold. */
  readonly values: readonly string[];
}

/** What a policy document says, permission by permission; nothing where it is none. */
export function grantsOf(policy: unknown, naming: Naming): Grant[] {
  const parsed = named(document(policy), naming);
  if (!isObject(parsed)) return [];
  return listed(parsed["Statement"]).flatMap((statement) => (isObject(statement) ? grants(statement) : []));
}

function named(value: unknown, naming: Naming): unknown {
  if (typeof value === "string") return naming(value);
  if (Array.isArray(value)) return value.map((item) => named(item, naming));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner, naming)]));
}

function grants(statement: Values): Grant[] {
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
        resource,
        principal,
        condition,
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

function conditionOf(condition: unknown): ConditionTest[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, tests]) =>
    isObject(tests)
      ? Object.entries(tests).map(([name, values]) => ({
          operator,
          name,
          values: listed(values).map(String).sort(),
        }))
      : [],
  );
}

/** One, many or none, as IAM writes them. */
export function listed(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
