import type { AccessKeys } from "../cloud/access-keys.ts";
import { type Call, type Decision, evaluatePolicy, type MatchedStatement } from "../iam/evaluate-policy.ts";
import { readPolicy, type Statement } from "../iam/statement.ts";
import type { FunctionModel, LocalStack } from "../stack/model.ts";
import { type ArnContext, callsOf, mayTellMissing, type ServiceCall } from "./call-of.ts";

/** A call that was denied. */
interface DeniedCall {
  /** A function's name, or a service's: `events.amazonaws.com`. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}

/** A call that was allowed, and what of which statement allowed it. */
export interface AllowedCall extends MatchedStatement {
  /** As in `DeniedCall`. */
  readonly caller: string;
  readonly call: Call;
}

/** Who is told of decisions. */
export interface DecisionListeners {
  readonly onDenied: (call: DeniedCall) => void;
  readonly onAllowed?: ((call: AllowedCall) => void) | undefined;
}

/** A function, and every statement that speaks of it or of what it calls. */
export interface Caller {
  readonly name: string;
  readonly roleArn: string;
  readonly statements: readonly Statement[];
}

/** Where a stack's names become ARNs, and by which keys its functions are known. */
export interface PermissionsContext extends Pick<ArnContext, "region" | "account"> {
  readonly accessKeys: Pick<AccessKeys, "ofFunction">;
}

/**
 * IAM, for the stack's functions and for the services that call them: evaluates each call against the policies of the
 * synthesised stack. Who is no function of the stack is an operator, and is not evaluated. docs/decisions/0010-own-iam-evaluation.md
 */
export class Permissions {
  readonly #context: ArnContext;
  readonly #callers: ReadonlyMap<string, Caller>;
  readonly #ofResources: readonly Statement[];
  readonly #listeners: DecisionListeners;

  /** @throws {StackError} at a policy that is not understood */
  constructor(
    stack: LocalStack,
    { accessKeys, ...context }: PermissionsContext,
    listeners: DecisionListeners,
  ) {
    this.#context = { ...context, stack };
    this.#listeners = listeners;
    this.#ofResources = stack.resourcePolicies.flatMap(readPolicy);
    this.#callers = new Map(callersOf(stack).map((caller) => [accessKeys.ofFunction(caller.name), caller]));
  }

  /** Whether calls under this access key are a function's. */
  authorizes(accessKey: string): boolean {
    return this.#callers.has(accessKey);
  }

  /** @returns why a function's call is denied, in AWS's words; nothing where it may go on */
  denial(accessKey: string, serviceCall: ServiceCall): string | undefined {
    const caller = this.#callers.get(accessKey);
    if (!caller) return undefined;
    const calls = callsOf(serviceCall, this.#context);
    if (calls.length === 0) {
      const { method, service, url, headers } = serviceCall;
      const what = String(headers["x-amz-target"] ?? `${method} ${url.split("?")[0]}`);
      this.#listeners.onDenied({ caller: caller.name, action: `${service}: ${what}`, resource: "unknown" });
      return `The local run cannot tell which permission ${what} needs.`;
    }
    const refused = calls.find((call) => !this.#allows(caller, call));
    return refused && notAuthorized(caller, refused, this.#context.account);
  }

  /** Whether the service that acts for a function (its runtime's log, its poller) may do so with its role. */
  mayActFor(model: FunctionModel, call: Call): boolean {
    const caller = [...this.#callers.values()].find(({ name }) => name === model.name);
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
    return this.#tell(service, call, decision);
  }

  #allows(caller: Caller, call: Call): boolean {
    const decision = evaluatePolicy(call, { kind: "AWS", name: caller.roleArn }, caller.statements);
    return this.#tell(caller.name, call, decision);
  }

  #tell(caller: string, call: Call, { allowed, matched }: Decision): boolean {
    if (!allowed || !matched) {
      this.#listeners.onDenied({ caller, action: call.action, resource: call.resource });
      return false;
    }
    this.#listeners.onAllowed?.({ ...matched, caller, call });
    return true;
  }
}

/** The stack's functions as IAM knows them. */
export function callersOf({ functions, roles, resourcePolicies }: LocalStack): Caller[] {
  const ofResources = resourcePolicies.flatMap(readPolicy);
  return functions.map(({ name, roleArn }) => {
    const role = roles.find(({ arn }) => arn === roleArn);
    return { name, roleArn, statements: [...(role?.policies.flatMap(readPolicy) ?? []), ...ofResources] };
  });
}

function notAuthorized({ name, roleArn }: Caller, { action, resource }: Call, account: string): string {
  const role = roleArn.split("/").at(-1);
  const user = `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
  const why = "because no identity-based policy allows it";
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
