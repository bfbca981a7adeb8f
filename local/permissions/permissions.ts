import { type Call, type Decision, evaluatePolicy, type MatchedStatement } from "../iam/evaluate-policy.ts";
import { readPolicy, type Statement } from "../iam/statement.ts";
import type { FunctionModel, LocalStack } from "../stack/model.ts";
import { type ArnContext, callOf, mayTellMissing, type ServiceCall } from "./call-of.ts";

/** A call that was denied. */
export interface DeniedCall {
  /** A function's name, or a service's: `events.amazonaws.com`. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}

/** A statement that allowed a call, whose call, and the first one. */
export interface UsedStatement extends MatchedStatement {
  readonly caller: string;
  readonly call: Call;
}

interface Caller {
  readonly name: string;
  readonly roleArn: string;
  readonly statements: readonly Statement[];
}

/**
 * IAM, for the stack's functions and for the services that call them: evaluates each call against the policies of the
 * synthesised stack, and keeps which statements were used. Who is no function of the stack is an operator, and is
 * not evaluated. docs/decisions/0010-own-iam-evaluation.md
 */
export class Permissions {
  readonly #context: ArnContext;
  readonly #callers: ReadonlyMap<string, Caller>;
  readonly #ofResources: readonly Statement[];
  readonly #onDenied: (call: DeniedCall) => void;
  readonly #seen = new Map<string, UsedStatement>();

  /** @throws {StackError} at a policy that is not understood */
  constructor(
    stack: LocalStack,
    context: Pick<ArnContext, "region" | "account">,
    onDenied: (call: DeniedCall) => void,
  ) {
    this.#context = { ...context, stack };
    this.#onDenied = onDenied;
    this.#ofResources = stack.resourcePolicies.flatMap(readPolicy);
    this.#callers = new Map(
      stack.functions.map((model) => {
        const role = stack.roles.find(({ arn }) => arn === model.roleArn);
        const statements = [...(role?.policies.flatMap(readPolicy) ?? []), ...this.#ofResources];
        return [accessKeyOf(model), { name: model.name, roleArn: model.roleArn, statements }];
      }),
    );
  }

  /** Whether calls under this access key are a function's. */
  authorizes(accessKey: string): boolean {
    return this.#callers.has(accessKey);
  }

  /** @returns why a function's call is denied, in AWS's words; nothing where it may go on */
  denial(accessKey: string, serviceCall: ServiceCall): string | undefined {
    const caller = this.#callers.get(accessKey);
    if (!caller) return undefined;
    const call = callOf(serviceCall, this.#context);
    if (!call) {
      const { method, service, url, headers } = serviceCall;
      const what = String(headers["x-amz-target"] ?? `${method} ${url.split("?")[0]}`);
      this.#onDenied({ caller: caller.name, action: `${service}: ${what}`, resource: "unknown" });
      return `The local run cannot tell which permission ${what} needs.`;
    }
    return this.#allows(caller, call) ? undefined : notAuthorized(caller, call, this.#context.account);
  }

  /** Whether the service that acts for a function (its runtime's log, its poller) may do so with its role. */
  mayActFor(model: FunctionModel, call: Call): boolean {
    const caller = this.#callers.get(accessKeyOf(model));
    return caller !== undefined && this.#allows(caller, call);
  }

  /** Whether a function may be told that an object is missing, which S3 calls forbidden otherwise. */
  mayTellMissing(accessKey: string, objectArn: string): boolean {
    const caller = this.#callers.get(accessKey);
    return caller === undefined || this.#allows(caller, mayTellMissing(objectArn));
  }

  /** Whether a service may do `call` by the policy of what it is done to. */
  serviceMay(service: string, call: Call): boolean {
    const decision = evaluatePolicy(call, { kind: "Service", name: service }, this.#ofResources);
    return this.#keep(service, call, decision);
  }

  /** Every action on every resource of a statement that a call has used. */
  get used(): readonly UsedStatement[] {
    return [...this.#seen.values()];
  }

  /** Every action on every resource that a policy allows and that no call has used: `policy Sid action resource`. */
  unused(): string[] {
    const own = [...this.#callers.values()].flatMap(({ statements }) => statements);
    const all = [...new Set([...own, ...this.#ofResources])].filter(({ effect }) => effect === "Allow");
    const allowances = all.flatMap((statement) =>
      statement.actions.flatMap((action) =>
        statement.resources.map((resource) => describe({ statement, action, resource })),
      ),
    );
    return [...new Set(allowances)].filter((matched) => !this.#seen.has(matched));
  }

  /** The decision on a call of one function's role, by all the policies that speak of it. */
  decision(functionName: string, call: Call, without?: MatchedStatement): Decision {
    const caller = [...this.#callers.values()].find(({ name }) => name === functionName);
    const statements = caller?.statements ?? this.#ofResources;
    const principal = caller
      ? ({ kind: "AWS", name: caller.roleArn } as const)
      : ({ kind: "Service", name: functionName } as const);
    return evaluatePolicy(
      call,
      principal,
      without ? statements.map((each) => withOut(each, without)) : statements,
    );
  }

  #allows(caller: Caller, call: Call): boolean {
    const decision = evaluatePolicy(call, { kind: "AWS", name: caller.roleArn }, caller.statements);
    return this.#keep(caller.name, call, decision);
  }

  #keep(caller: string, call: Call, { allowed, matched }: Decision): boolean {
    if (!allowed || !matched) {
      this.#onDenied({ caller, action: call.action, resource: call.resource });
      return false;
    }
    const key = describe(matched);
    if (!this.#seen.has(key)) this.#seen.set(key, { ...matched, caller, call });
    return true;
  }
}

/** What a function signs its calls with: no secret, and nobody checks the signature here. */
export function accessKeyOf({ name }: Pick<FunctionModel, "name">): string {
  return `function.${name}`;
}

function describe({ statement, action, resource }: MatchedStatement): string {
  return `${statement.policy} ${statement.name}: ${action} on ${resource}`;
}

/** The statement with one ARN broken: what a typo in a policy would be. */
function withOut(statement: Statement, { statement: broken, resource }: MatchedStatement): Statement {
  if (statement !== broken) return statement;
  return {
    ...statement,
    resources: statement.resources.map((arn) => (arn === resource ? `${arn}-not` : arn)),
  };
}

function notAuthorized({ name, roleArn }: Caller, { action, resource }: Call, account: string): string {
  const role = roleArn.split("/").at(-1);
  const user = `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
  const why = "because no identity-based policy allows it";
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
