import type { Condition, Grant } from "./grant.ts";

/** A statement that allows. */
export interface AllowStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly AllowStatement[];
}

/** What a role is for. */
export type Role = "deploy" | "plan";

/** Characters of a managed policy, white space aside. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const POLICY_CHARACTERS = 6_144;

/**
 * The fewest statements that allow what the grants say, and nothing else: what has the same actions under the same
 * conditions is one. Their order follows from what they say, so that the same stack has the same policy.
 */
export function statementsOf(grants: readonly Grant[], role: Role): AllowStatement[] {
  const byResource = new Map<string, { resource: string; condition?: Condition; actions: Set<string> }>();
  for (const { read = [], change = [], resources, condition } of grants) {
    const wanted = role === "plan" ? read : [...read, ...change];
    for (const resource of wanted.length === 0 ? [] : resources) {
      const key = JSON.stringify([resource, condition]);
      const known = byResource.get(key) ?? { resource, ...(condition && { condition }), actions: new Set() };
      for (const action of wanted) known.actions.add(action);
      byResource.set(key, known);
    }
  }
  const byActions = new Map<string, { actions: string[]; condition?: Condition; resources: string[] }>();
  for (const { resource, condition, actions } of byResource.values()) {
    const sorted = [...actions].sort();
    const key = JSON.stringify([sorted, condition]);
    const known = byActions.get(key) ?? { actions: sorted, ...(condition && { condition }), resources: [] };
    known.resources.push(resource);
    byActions.set(key, known);
  }
  return [...byActions.values()]
    .map(
      ({ actions, condition, resources }): AllowStatement => ({
        Effect: "Allow",
        Action: actions,
        Resource: resources.sort(),
        ...(condition && { Condition: condition }),
      }),
    )
    .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** As few documents as IAM's limit allows without cutting a statement that fits one. */
export function documentsOf(statements: readonly AllowStatement[]): PolicyDocument[] {
  const documents: AllowStatement[][] = [];
  for (const statement of statements.flatMap(fitting)) {
    const last = documents.at(-1);
    if (last !== undefined && sizeOf(document([...last, statement])) <= POLICY_CHARACTERS)
      last.push(statement);
    else documents.push([statement]);
  }
  return documents.map(document);
}

/** As IAM counts it. */
export function sizeOf(policy: PolicyDocument): number {
  return JSON.stringify(policy).replace(/\s/g, "").length;
}

function document(statements: readonly AllowStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** A statement as it is; one on too many resources for any document, in halves. */
function fitting(statement: AllowStatement): AllowStatement[] {
  const { Resource: resources } = statement;
  if (sizeOf(document([statement])) <= POLICY_CHARACTERS || resources.length < 2) return [statement];
  const middle = Math.ceil(resources.length / 2);
  return [resources.slice(0, middle), resources.slice(middle)].flatMap((half) =>
    fitting({ ...statement, Resource: half }),
  );
}
