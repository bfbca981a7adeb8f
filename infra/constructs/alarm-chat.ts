import { ChatbotSlackChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-slack-channel-configuration/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import type { Names } from "../names.ts";
import { partitionOf } from "../partition.ts";
import { policyDocument } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";

/**
 * Says alarms in Slack channels, by Amazon Q Developer in chat applications. Nobody can do anything from there: its
 * role has no policy, and the guardrail denies what somebody might give it later.
 */
export class AlarmChat extends Construct {
  constructor(
    scope: Construct,
    id: string,
    names: Names,
    { alarms, region, rolePath, permissionsBoundaryArn }: EnvironmentSettings,
    topicArn: string,
  ) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: names.chatRole,
      ...(rolePath === "/" ? {} : { path: rolePath }),
      ...defined({ permissionsBoundary: permissionsBoundaryArn }),
      assumeRolePolicy: policyDocument([
        { Principal: { Service: "chatbot.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
    });
    for (const { workspaceId, channelId } of alarms.slack) {
      new ChatbotSlackChannelConfiguration(this, channelId.toLowerCase(), {
        configurationName: `${names.base}-${channelId}`,
        slackTeamId: workspaceId,
        slackChannelId: channelId,
        iamRoleArn: role.arn,
        guardrailPolicyArns: [`arn:${partitionOf(region)}:iam::aws:policy/AWSDenyAll`],
        snsTopicArns: [topicArn],
        loggingLevel: "ERROR",
      });
    }
  }
}
