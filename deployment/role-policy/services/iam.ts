import { defined } from "../../../contract/defined.ts";
import type { Values } from "../../../terraform/plan-json.ts";
import { type Condition, type ResourceTypes, text } from "../grant.ts";

/** Of a role that is bounded: without it, whoever deploys could make one that may do everything. */
function boundedBy(boundary: unknown): { readonly condition?: Condition } {
  const condition = { StringEquals: { "iam:PermissionsBoundary": String(boundary) } };
  return defined({ condition: boundary === undefined ? undefined : condition });
}

function grantsOfRole(arn: string, { permissions_boundary: boundary }: Values) {
  return [
    {
      read: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
      // Not DeleteRolePermissionsBoundary: who may take a boundary away is not for the deploying role to say.
      change: [
        "iam:DeleteRole",
        "iam:ListInstanceProfilesForRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      resources: [arn],
    },
    {
      change: [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePolicy",
        ...(boundary === undefined ? [] : ["iam:PutRolePermissionsBoundary"]),
      ],
      resources: [arn],
      ...boundedBy(boundary),
    },
    {
      change: ["iam:PassRole"],
      resources: [arn],
      condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
    },
  ];
}

export const iam: ResourceTypes = {
  aws_iam_role: {
    arn: ({ path = "/", name }, scope) => scope.globalArn("iam", `role${text(path)}${text(name)}`),
    grants: grantsOfRole,
  },
  // All of it is in the grants of its role, with the role's boundary.
  aws_iam_role_policy: {
    arn: ({ role }, scope) => scope.arnOf(role),
    grants: () => [],
  },
};
