import { StackError } from "../stack-error.ts";

/** A policy as the stack has it. */
export interface PolicyModel {
  /** `aws_iam_role_policy.receiver_policy` */
  readonly address: string;
  /** JSON. */
  readonly document: string;
}

export interface Condition {
  readonly operator: ConditionOperator;
  readonly key: string;
  /** One of them has to match. */
  readonly values: readonly string[];
}

/** One statement, its lists as lists. */
export interface Statement {
  /** The address of its policy. */
  readonly policy: string;
  /** What tells it from the policy's others: its Sid, or its place. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  /** Absent in a role's own policy. `*` is anybody. */
  readonly principals: "*" | Readonly<Record<string, readonly string[]>> | undefined;
  readonly actions: readonly string[];
  /** `["*"]` where the statement names none, as a trust policy does. */
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

const OPERATORS = ["StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool"] as const;
type ConditionOperator = (typeof OPERATORS)[number];

const MEMBERS = new Set(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);

/**
 * The statements of a policy document.
 *
 * @throws {StackError} at what is not understood: a statement read wrongly would allow what IAM refuses
 */
export function readPolicy({ address, document }: PolicyModel): Statement[] {
  const refuse = (finding: string): never => {
    throw new StackError(address, `has a policy that the local run does not understand: ${finding}`);
  };
  const { Statement: given } = JSON.parse(document) as { Statement?: unknown };
  return [given].flat().map((raw, place) => {
    if (typeof raw !== "object" || raw === null) return refuse("it has no statements");
    const statement = raw as Readonly<Record<string, unknown>>;
    const other = Object.keys(statement).find((member) => !MEMBERS.has(member));
    if (other !== undefined) refuse(other);
    const { Sid: sid, Effect: effect, Principal: principal, Action: action, Resource: resource } = statement;
    if (effect !== "Allow" && effect !== "Deny") return refuse(`the effect ${String(effect)}`);
    return {
      policy: address,
      name: typeof sid === "string" ? sid : `statement ${place + 1}`,
      effect,
      principals: principalsOf(principal),
      actions: texts(action),
      resources: resource === undefined ? ["*"] : texts(resource),
      conditions: conditionsOf(statement["Condition"], refuse),
    };
  });
}

function principalsOf(principal: unknown): Statement["principals"] {
  if (principal === undefined || principal === "*") return principal;
  const named = Object.entries(principal as Record<string, unknown>).map(([kind, names]) => [
    kind,
    texts(names),
  ]);
  return Object.fromEntries(named) as Record<string, string[]>;
}

function conditionsOf(given: unknown, refuse: (finding: string) => never): Condition[] {
  return Object.entries((given ?? {}) as Record<string, Record<string, unknown>>).flatMap(([name, keys]) => {
    const operator = OPERATORS.find((known) => known === name) ?? refuse(`the operator ${name}`);
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) }));
  });
}

function texts(value: unknown): string[] {
  return [value].flat().map(String);
}
