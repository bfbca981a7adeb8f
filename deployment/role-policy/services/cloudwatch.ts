import { type ResourceTypes, text } from "../grant.ts";

export const cloudwatch: ResourceTypes = {
  aws_cloudwatch_metric_alarm: {
    arn: ({ alarm_name: name }, scope) => scope.arn("cloudwatch", `alarm:${text(name)}`),
    grants: (arn, _attributes, scope) => [
      {
        read: ["cloudwatch:ListTagsForResource"],
        change: [
          "cloudwatch:DeleteAlarms",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:TagResource",
          "cloudwatch:UntagResource",
        ],
        resources: [arn],
      },
      // It searches by names: IAM is asked for all alarms.
      { read: ["cloudwatch:DescribeAlarms"], resources: [scope.arn("cloudwatch", "alarm:*")] },
    ],
  },
  aws_cloudwatch_dashboard: {
    arn: ({ dashboard_name: name }, scope) => scope.globalArn("cloudwatch", `dashboard/${text(name)}`),
    grants: (arn) => [
      {
        read: ["cloudwatch:GetDashboard"],
        change: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
        resources: [arn],
      },
    ],
  },
};
