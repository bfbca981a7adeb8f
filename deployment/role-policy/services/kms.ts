import type { Condition, ResourceTypes, Scope } from "../grant.ts";

/**
 * A key's id is made with it: until then only its tags say which it is. Whoever may give a key those tags may
 * manage it, so a company that keeps other keys in the account bounds the role, or lets those keys' own policies
 * name who manages them.
 */
function tagged(kind: "ResourceTag" | "RequestTag", { tags }: Scope): Condition {
  const wanted = ["project", "environment"].map((key) => [`aws:${kind}/${key}`, tags[key] ?? ""]);
  return { StringEquals: Object.fromEntries(wanted) as Record<string, string> };
}

const READ = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"];

export const kms: ResourceTypes = {
  aws_kms_key: {
    arn: (_attributes, scope) => scope.arn("kms", "key/*"),
    grants: (arn, _attributes, scope) => [
      {
        read: READ,
        change: [
          "kms:DisableKeyRotation",
          "kms:EnableKeyRotation",
          "kms:PutKeyPolicy",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateKeyDescription",
        ],
        resources: [arn],
        condition: tagged("ResourceTag", scope),
      },
      // There is no key yet that a policy could name.
      {
        change: ["kms:CreateKey", "kms:TagResource"],
        resources: ["*"],
        condition: tagged("RequestTag", scope),
      },
    ],
  },
  aws_kms_key_policy: {
    arn: (_attributes, scope) => scope.arn("kms", "key/*"),
    grants: (arn, _attributes, scope) => [
      {
        read: READ,
        change: ["kms:PutKeyPolicy"],
        resources: [arn],
        condition: tagged("ResourceTag", scope),
      },
    ],
  },
};
