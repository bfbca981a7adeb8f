import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePoliciesExclusive } from "@cdktf/provider-aws/lib/iam-role-policies-exclusive/index.js";
import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive/index.js";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * Leaves a role the policies of this stack alone. What a hand has added, a plan shows, and the next deployment takes
 * away: Terraform looks at policies that are its own, and at no others, unless it is told to.
 * docs/decisions/0019-restore-what-hands-change.md
 */
export function keepOnly(
  scope: Construct,
  role: IamRole,
  policies: readonly IamRolePolicy[],
): readonly TerraformResource[] {
  const roleName = role.name;
  return [
    new IamRolePoliciesExclusive(scope, "exclusive_policies", {
      roleName,
      policyNames: policies.map(({ name }) => name),
    }),
    new IamRolePolicyAttachmentsExclusive(scope, "exclusive_attachments", { roleName, policyArns: [] }),
  ];
}
