import { type ResourceTypes, text } from "../grant.ts";

/** Amazon Q Developer in chat applications, which was AWS Chatbot and is called so by IAM. */
export const chatbot: ResourceTypes = {
  aws_chatbot_slack_channel_configuration: {
    arn: ({ configuration_name: name }, scope) =>
      scope.globalArn("chatbot", `chat-configuration/slack-channel/${text(name)}`),
    grants: (arn, _attributes, scope) => [
      { read: ["chatbot:ListTagsForResource"], resources: [arn] },
      // A search: it has no resource.
      { read: ["chatbot:DescribeSlackChannelConfigurations"], resources: ["*"] },
      {
        change: [
          "chatbot:CreateSlackChannelConfiguration",
          "chatbot:DeleteSlackChannelConfiguration",
          "chatbot:TagResource",
          "chatbot:UntagResource",
          "chatbot:UpdateSlackChannelConfiguration",
        ],
        resources: [arn],
      },
      // An account's first one has the service make its role.
      {
        change: ["iam:CreateServiceLinkedRole"],
        resources: [scope.globalArn("iam", "role/aws-service-role/management.chatbot.amazonaws.com/*")],
      },
    ],
  },
};
