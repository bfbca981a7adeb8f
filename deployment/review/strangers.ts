import type { Values } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";
import { blocksOf, listOf, type Resource, type Snapshot } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";
import { comparePolicies, type PermissionChange } from "./statements.ts";

/** Permissions of one of the stack's roles that the stack does not give: somebody added them by hand. */
export interface Stranger extends Pick<PermissionChange, "added"> {
  readonly address: string;
  /** The policy's name, or its ARN. */
  readonly policy: string;
  /** Whether the plan takes it away. */
  readonly isRemoved: boolean;
}

/**
 * What roles have, beside what the stack gives them. It is read from what is there, and not from what has drifted: a
 * drift is told once, and the next apply takes it over in silence.
 */
export function strangersIn({ before, after }: Snapshots, names: Names): Stranger[] {
  return before
    .all("aws_iam_role")
    .flatMap((role) => [...inline(role, before, after, names), ...attached(role, before, after, names)]);
}

function inline(role: Resource, before: Snapshot, after: Snapshot, names: Names): Stranger[] {
  if (before.asksFor(role, "inline_policy")) return []; // then Terraform removes what it does not know
  const own = before
    .all("aws_iam_role_policy")
    .filter(({ values }) => values["role"] === role.values["name"])
    .map(({ values }) => values["name"]);
  return blocksOf(role.values["inline_policy"])
    .filter(({ name }) => !own.includes(name))
    .map(({ name, policy }) => ({
      address: role.address,
      policy: String(name),
      added: comparePolicies(undefined, policy, (text) => names.named(text)).added,
      isRemoved: exclusive(role, "aws_iam_role_policies_exclusive", "policy_names", name, after),
    }));
}

function attached(role: Resource, before: Snapshot, after: Snapshot, names: Names): Stranger[] {
  if (before.asksFor(role, "managed_policy_arns")) return [];
  const name = role.values["name"];
  const own = [
    ...before.all("aws_iam_role_policy_attachment").filter(({ values }) => values["role"] === name),
    ...before.all("aws_iam_policy_attachment").filter(({ values }) => listOf(values["roles"]).includes(name)),
  ].map(({ values }) => values["policy_arn"]);
  return listOf(role.values["managed_policy_arns"])
    .filter((arn) => !own.includes(arn))
    .map((arn) => ({
      address: role.address,
      policy: String(arn),
      added: [`allow everything that ${names.named(String(arn))} allows`],
      isRemoved: exclusive(role, "aws_iam_role_policy_attachments_exclusive", "policy_arns", arn, after),
    }));
}

/** A resource that leaves a role what it lists, and nothing else. */
function exclusive(
  role: Resource,
  type: string,
  attribute: string,
  policy: unknown,
  after: Snapshot,
): boolean {
  return after
    .all(type)
    .some(
      ({ values }: { readonly values: Values }) =>
        values["role_name"] === role.values["name"] && !listOf(values[attribute]).includes(policy),
    );
}
