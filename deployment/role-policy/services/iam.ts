import { defined } from "../../../contract/defined.ts";
import type { Values } from "../../../terraform/plan-json.ts";
import { type Condition, type ResourceType, type ResourceTypes, type Scope, text } from "../grant.ts";

/** Of a role that is bounded: without it, whoever deploys could make one that may do everything. */
function boundedBy(boundary: unknown): { readonly condition?: Condition } {
  const condition = { StringEquals: { "iam:PermissionsBoundary": String(boundary) } };
  return defined({ condition: boundary === undefined ? undefined : condition });
}

/** The service that its trust policy lets take it on: to no other is it handed. */
function serviceOf(trust: unknown, scope: Scope): string {
  const { Statement } = JSON.parse(scope.name(trust)) as { Statement: { Principal: { Service: string } }[] };
  const [first] = Statement;
  if (first === undefined) throw new Error("A role's trust policy says nothing.");
  return first.Principal.Service;
}

function grantsOfRole(
  arn: string,
  { permissions_boundary: boundary, assume_role_policy: trust }: Values,
  scope: Scope,
) {
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
        "iam:DetachRolePolicy", // of a policy that somebody has attached by hand
        "iam:PutRolePolicy",
        ...(boundary === undefined ? [] : ["iam:PutRolePermissionsBoundary"]),
      ],
      resources: [arn],
      ...boundedBy(boundary),
    },
    {
      change: ["iam:PassRole"],
      resources: [arn],
      condition: { StringEquals: { "iam:PassedToService": serviceOf(trust, scope) } },
    },
  ];
}

/** All that a role's policies need is in the grants of the role, with its boundary. */
const part = (role: string): ResourceType => ({
  arn: ({ [role]: name }, scope) => scope.arnOf(name),
  grants: () => [],
});

export const iam: ResourceTypes = {
  aws_iam_role: {
    arn: ({ path = "/", name }, scope) => scope.globalArn("iam", `role${text(path)}${text(name)}`),
    grants: grantsOfRole,
  },
  aws_iam_role_policy: part("role"),
  aws_iam_role_policies_exclusive: part("role_name"),
  aws_iam_role_policy_attachments_exclusive: part("role_name"),
};
