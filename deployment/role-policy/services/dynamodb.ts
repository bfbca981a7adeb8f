import { block } from "../block.ts";
import { type ResourceTypes, text } from "../grant.ts";
import { viaService } from "../keys.ts";

export const dynamodb: ResourceTypes = {
  aws_dynamodb_table: {
    arn: ({ name }, scope) => scope.arn("dynamodb", `table/${text(name)}`),
    grants: (arn, attributes, scope) => [
      {
        read: [
          "dynamodb:DescribeContinuousBackups",
          "dynamodb:DescribeTable",
          "dynamodb:DescribeTimeToLive",
          "dynamodb:ListTagsOfResource",
        ],
        change: [
          "dynamodb:CreateTable",
          "dynamodb:DeleteTable",
          "dynamodb:TagResource",
          "dynamodb:UntagResource",
          "dynamodb:UpdateContinuousBackups",
          "dynamodb:UpdateTable",
          "dynamodb:UpdateTimeToLive",
        ],
        resources: [arn],
      },
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
      ...viaService(block(attributes["server_side_encryption"])?.["kms_key_arn"], "dynamodb", scope, {
        change: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"],
      }),
    ],
  },
};
