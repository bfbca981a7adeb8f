import { type ResourceTypes, text } from "../grant.ts";
import { viaService } from "../keys.ts";

/** What is set on a function, and named as the function. */
const part = (read: readonly string[], change: readonly string[]) => ({
  arn: ({ function_name: name }: { readonly function_name?: unknown }, scope: Named) => scope.arnOf(name),
  grants: (arn: string) => [{ read, change, resources: [arn] }],
});

interface Named {
  readonly arnOf: (of: unknown) => string;
}

/** Lambda looks at the network in the name of who connects a function to it; EC2 knows no resource of these. */
const VPC = ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"];

export const lambda: ResourceTypes = {
  aws_lambda_function: {
    arn: ({ function_name: name }, scope) => scope.arn("lambda", `function:${text(name)}`),
    grants: (arn, { vpc_config: vpc, kms_key_arn: key }, scope) => [
      {
        read: [
          "lambda:GetFunction",
          "lambda:GetFunctionCodeSigningConfig",
          "lambda:GetFunctionConfiguration",
          "lambda:ListTags", // GetFunction leaves out the tags for who lacks it
          "lambda:ListVersionsByFunction",
        ],
        change: [
          "lambda:CreateFunction",
          "lambda:DeleteFunction",
          "lambda:DeleteFunctionConcurrency",
          "lambda:PutFunctionConcurrency",
          "lambda:TagResource",
          "lambda:UntagResource",
          "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ],
        resources: [arn],
      },
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
      ...(vpc === undefined ? [] : [{ change: VPC, resources: ["*"] }]),
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
      ...viaService(key, "lambda", scope, {
        read: ["kms:Decrypt"],
        change: ["kms:CreateGrant", "kms:Encrypt"],
      }),
    ],
  },
  aws_lambda_alias: {
    arn: ({ function_name: name }, scope) => scope.arnOf(name),
    grants: (arn, { name }) => [
      {
        read: ["lambda:GetAlias"],
        change: ["lambda:CreateAlias", "lambda:DeleteAlias", "lambda:UpdateAlias"],
        resources: [arn, `${arn}:${text(name)}`],
      },
    ],
  },
  aws_lambda_event_source_mapping: {
    arn: ({ function_name: name }, scope) => scope.arnOf(name),
    grants: (arn, _attributes, scope) => {
      // Its id is made with it: the function says which it is.
      const mappings = scope.arn("lambda", "event-source-mapping:*");
      const condition = { ArnLike: { "lambda:FunctionArn": arn } };
      return [
        { read: ["lambda:GetEventSourceMapping", "lambda:ListTags"], resources: [mappings] },
        { change: ["lambda:TagResource", "lambda:UntagResource"], resources: [mappings] },
        {
          change: ["lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"],
          resources: [mappings],
          condition,
        },
        // There is no mapping yet that a policy could name.
        { change: ["lambda:CreateEventSourceMapping"], resources: ["*"], condition },
      ];
    },
  },
  aws_lambda_function_event_invoke_config: part(
    ["lambda:GetFunctionEventInvokeConfig"],
    [
      "lambda:DeleteFunctionEventInvokeConfig",
      "lambda:PutFunctionEventInvokeConfig",
      "lambda:UpdateFunctionEventInvokeConfig",
    ],
  ),
  aws_lambda_function_recursion_config: part(
    ["lambda:GetFunctionRecursionConfig"],
    ["lambda:PutFunctionRecursionConfig"],
  ),
  aws_lambda_permission: part(["lambda:GetPolicy"], ["lambda:AddPermission", "lambda:RemovePermission"]),
};
