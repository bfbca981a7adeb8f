import { type Decision, evaluatePolicy, type MatchedStatement } from "../../local/iam/evaluate-policy.ts";
import { readPolicy, type Statement } from "../../local/iam/statement.ts";
import { type AllowedCall, callersOf } from "../../local/permissions/permissions.ts";
import type { LocalStack } from "../../local/stack/model.ts";

/** Which of a stack's permissions its run has used. */
export class PermissionUse {
  readonly #first = new Map<string, AllowedCall>();

  /** Takes note of a call that was allowed. */
  readonly add = (call: AllowedCall): void => {
    const matched = described(call);
    if (!this.#first.has(matched)) this.#first.set(matched, call);
  };

  /** Every action on every resource of a statement that a call has used, with the first such call. */
  get used(): readonly AllowedCall[] {
    return [...this.#first.values()];
  }

  /** Every action on every resource that a policy allows and that no call has used: `policy Sid: action on resource`. */
  unused(stack: LocalStack): string[] {
    const statements = [
      ...callersOf(stack).flatMap((caller) => caller.statements),
      ...stack.resourcePolicies.flatMap(readPolicy),
    ];
    const allowances = statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) =>
        statement.actions.flatMap((action) =>
          statement.resources.map((resource) => described({ statement, action, resource })),
        ),
      );
    return [...new Set(allowances)].filter((allowance) => !this.#first.has(allowance));
  }
}

/** What would become of an allowed call if the one ARN that allowed it were another: what a typo would be. */
export function withoutItsArn(stack: LocalStack, { caller: name, call, ...matched }: AllowedCall): Decision {
  const caller = callersOf(stack).find((each) => each.name === name);
  const statements = caller?.statements ?? stack.resourcePolicies.flatMap(readPolicy);
  const principal = caller
    ? ({ kind: "AWS", name: caller.roleArn } as const)
    : ({ kind: "Service", name } as const);
  return evaluatePolicy(
    call,
    principal,
    statements.map((statement) => broken(statement, matched)),
  );
}

function broken(
  statement: Statement,
  { statement: { policy, name }, resource }: MatchedStatement,
): Statement {
  if (statement.policy !== policy || statement.name !== name) return statement;
  return {
    ...statement,
    resources: statement.resources.map((arn) => (arn === resource ? `${arn}-not` : arn)),
  };
}

function described({ statement, action, resource }: MatchedStatement): string {
  return `${statement.policy} ${statement.name}: ${action} on ${resource}`;
}
