import type { StackJson } from "../../terraform/plan-json.ts";
import { resourceTypes } from "./resource-types.ts";
import { StackScope, typeOf } from "./scope.ts";
import { stateAccess } from "./state-access.ts";
import { documentsOf, type PolicyDocument, type Role, statementsOf } from "./statements.ts";

export interface RolePolicy {
  /** Together they are the policy: each fits IAM's limit. */
  readonly documents: readonly PolicyDocument[];
  /** What a person has to know of it, a sentence or two each. */
  readonly notes: readonly string[];
}

/** Whether a plan asks AWS how things are, or takes that from its state. */
export interface PlanOptions {
  readonly refresh: boolean;
}

/**
 * What a role needs that deploys a synthesised stack, or plans it.
 *
 * @throws {CommandError} naming a resource type of which that is not known
 */
export function rolePolicy(stack: StackJson, role: Role, { refresh }: PlanOptions): RolePolicy {
  const scope = new StackScope(stack, resourceTypes);
  const state = stateAccess(stack);
  const resources = [...scope.resources()].flatMap(({ type, attributes }) => {
    const { arn, grants } = typeOf(type, resourceTypes);
    return grants(arn(attributes, scope), attributes, scope);
  });
  const grants = refresh ? [...state.grants, ...resources] : state.grants;
  const types = new Set([...scope.resources()].map(({ type }) => type));
  return {
    documents: documentsOf(statementsOf(grants, role)),
    notes: [
      ...(state.note === undefined ? [] : [state.note]),
      ...(scope.account === "*" && refresh ? [ANY_ACCOUNT] : []),
      ...(role === "deploy" ? [boundaryNote(stack), LATER] : []),
      ...(role === "plan" && refresh && types.has("aws_ssm_parameter") ? [READS_SECRETS] : []),
    ],
  };
}

const ANY_ACCOUNT =
  "The account stands there as *: with one account in allowedAccountIds, its number does, and IAM allows no other.";
const READS_SECRETS =
  "Who has this role can read the environment's secrets: Terraform reads each parameter with its value. For plans of code that nobody has reviewed, write the policy with --no-refresh, and plan with --no-refresh.";
const LATER =
  "It is written from the stack as it is now. Before something is switched on, write it anew; after something is switched off, deploy first and then write it anew.";

function boundaryNote({ resource }: StackJson): string {
  const bounded = Object.values(resource?.["aws_iam_role"] ?? {}).every(
    ({ permissions_boundary: boundary }) => boundary !== undefined,
  );
  return bounded
    ? "It changes roles only as long as they have the configured permissions boundary."
    : "Who deploys can give the functions' roles any right, and so take it: permissionsBoundaryArn bounds that.";
}
