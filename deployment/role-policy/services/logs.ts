import { type ResourceTypes, text } from "../grant.ts";

export const logs: ResourceTypes = {
  aws_cloudwatch_log_group: {
    arn: ({ name }, scope) => scope.arn("logs", `log-group:${text(name)}`),
    grants: (arn, { kms_key_id: key }, scope) => [
      {
        read: ["logs:ListTagsForResource"],
        change: [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:DeleteRetentionPolicy",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
          ...(key === undefined ? [] : ["logs:AssociateKmsKey", "logs:DisassociateKmsKey"]),
        ],
        // Calls that take tags name the group as it is, the older ones with `:*` behind it.
        resources: [arn, `${arn}:*`],
      },
      // It searches by a name's beginning: IAM is asked for all groups.
      { read: ["logs:DescribeLogGroups"], resources: [scope.arn("logs", "log-group:*")] },
    ],
  },
  aws_cloudwatch_log_metric_filter: {
    arn: ({ log_group_name: group }, scope) => scope.arnOf(group),
    grants: (arn) => [
      {
        read: ["logs:DescribeMetricFilters"],
        change: ["logs:DeleteMetricFilter", "logs:PutMetricFilter"],
        resources: [arn, `${arn}:*`],
      },
    ],
  },
};
