import { type ResourceTypes, text } from "../grant.ts";

export const sns: ResourceTypes = {
  aws_sns_topic: {
    arn: ({ name }, scope) => scope.arn("sns", text(name)),
    grants: (arn) => [
      {
        read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
        change: [
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:TagResource",
          "sns:UntagResource",
        ],
        resources: [arn],
      },
    ],
  },
  aws_sns_topic_policy: {
    arn: ({ arn }, scope) => scope.arnOf(arn),
    grants: (arn) => [
      { read: ["sns:GetTopicAttributes"], change: ["sns:SetTopicAttributes"], resources: [arn] },
    ],
  },
  aws_sns_topic_subscription: {
    arn: ({ topic_arn: topic }, scope) => scope.arnOf(topic),
    grants: (arn) => [
      // The list tells whether an https address has confirmed.
      { read: ["sns:ListSubscriptionsByTopic"], change: ["sns:Subscribe"], resources: [arn] },
      {
        // SNS knows no resource of these: a subscription's ARN is none for IAM.
        read: ["sns:GetSubscriptionAttributes"],
        change: ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"],
        resources: ["*"],
      },
    ],
  },
};
