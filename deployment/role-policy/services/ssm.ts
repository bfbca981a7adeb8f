import { type ResourceTypes, text } from "../grant.ts";
import { viaService } from "../keys.ts";

export const ssm: ResourceTypes = {
  aws_ssm_parameter: {
    arn: ({ name }, scope) => scope.arn("ssm", `parameter/${text(name).replace(/^\//, "")}`),
    grants: (arn, attributes, scope) => [
      {
        // The provider reads every parameter with its value, a write-only one too: who refreshes can read secrets.
        read: ["ssm:GetParameter", "ssm:ListTagsForResource"],
        change: [
          "ssm:AddTagsToResource",
          "ssm:DeleteParameter",
          "ssm:PutParameter",
          "ssm:RemoveTagsFromResource",
        ],
        resources: [arn],
      },
      { read: ["ssm:DescribeParameters"], resources: ["*"] }, // a search: it has no resource
      // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
      ...viaService(attributes["key_id"], "ssm", scope, { read: ["kms:Decrypt"], change: ["kms:Encrypt"] }),
    ],
  },
};
