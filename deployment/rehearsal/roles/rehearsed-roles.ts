import { rolePolicy } from "../../role-policy/role-policy.ts";
import type { Role } from "../../role-policy/statements.ts";
import type { SynthesisedStack } from "../stack.ts";
import type { RehearsedRole } from "./require-allowed.ts";

/** By which the emulator tells who called. */
const DEPLOYS = "deploys";
const PLANS = "plans";
const PLANS_FROM_STATE = "plans-from-state";

/**
 * The roles of a pipeline, with what `genesys-dlq role-policy` prints for each.
 *
 * @param stacks what is deployed one after the other: a change needs what the stack before it and the one after it do
 */
export function rehearsedRoles(stacks: readonly SynthesisedStack[]): RehearsedRole[] {
  const policy = (role: Role, refresh: boolean) =>
    stacks.flatMap((stack) => rolePolicy(stack, role, { refresh }).documents);
  return [
    { accessKey: DEPLOYS, name: "the policy of role-policy deploy", documents: policy("deploy", true) },
    { accessKey: PLANS, name: "the policy of role-policy plan", documents: policy("plan", true) },
    {
      accessKey: PLANS_FROM_STATE,
      name: "the policy of role-policy plan --no-refresh",
      documents: policy("plan", false),
    },
  ];
}

/** Whose key Terraform gets: a plan changes nothing, and one that does not refresh reads the state alone. */
export function accessKeyFor([command, ...options]: readonly string[]): string {
  if (command !== "plan") return DEPLOYS;
  return options.includes("-refresh=false") ? PLANS_FROM_STATE : PLANS;
}

/**
 * For information: what a policy allows and this rehearsal has not called. It is for changes of what is there, for what
 * AWS asks behind a call, and for newer providers.
 */
export function describeUnused(unused: ReadonlyMap<string, readonly string[]>): string[] {
  return [...unused]
    .filter(([, actions]) => actions.length > 0)
    .map(([name, actions]) => `never called, of ${name}: ${actions.join(", ")}`);
}
