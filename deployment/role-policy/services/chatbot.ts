import type { ResourceTypes } from "../grant.ts";

export const chatbot: ResourceTypes = {
  aws_chatbot_slack_channel_configuration: {
    arn: ({ configuration_name: name }, scope) =>
      scope.globalArn("chatbot", `chat-configuration/slack-channel/${String(name)}`),
    grants: (arn, { iam_role_arn: role }, scope) => [
      {
        read: ["chatbot:ListTagsForResource"],
        change: ["chatbot:TagResource", "chatbot:UntagResource"],
        resources: [arn],
      },
      {
        // These calls name no configuration that IAM could be asked for.
        read: ["chatbot:DescribeSlackChannelConfigurations"],
        change: [
          "chatbot:CreateSlackChannelConfiguration",
          "chatbot:DeleteSlackChannelConfiguration",
          "chatbot:UpdateSlackChannelConfiguration",
        ],
        resources: ["*"],
      },
      {
        change: ["iam:PassRole"],
        resources: [scope.arnOf(role)],
        condition: { StringEquals: { "iam:PassedToService": "chatbot.amazonaws.com" } },
      },
    ],
  },
};
