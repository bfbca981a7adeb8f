import { defined } from "../../contract/defined.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { alarmsOf } from "../support/alarms.ts";
import { findings as findingsOf } from "../support/configuration.ts";
import { json, leastInput, ref, sharedInput, synthesise } from "../support/synthesise.ts";

const OWN = ref("aws_sns_topic.alarms_topic.arn");
const GIVEN = "arn:aws:sns:eu-west-1:123456789012:on-call";
const findings = (test: EnvironmentInput) => findingsOf({ test });
const withAlarms = (alarms: EnvironmentInput["alarms"]): EnvironmentInput => ({
  ...leastInput,
  ...defined({ alarms }),
});
const { alarms: _, ...silentInput } = sharedInput;

test("an https address is subscribed beside the e-mail addresses, and confirms by itself", () => {
  const stack = synthesise(
    withAlarms({
      notify: ["a@example.com"],
      endpoints: ["https://events.example.com/integration/1/enqueue"],
    }),
  );
  expect(Object.values(stack.resources("aws_sns_topic_subscription"))).toEqual([
    { topic_arn: OWN, protocol: "email", endpoint: "a@example.com" },
    {
      topic_arn: OWN,
      protocol: "https",
      endpoint: "https://events.example.com/integration/1/enqueue",
      endpoint_auto_confirms: true,
    },
  ]);
});

test("a topic that is there already is told in place of an own one, which is not made, nor its key", () => {
  const stack = synthesise(withAlarms({ topicArn: GIVEN, notify: ["a@example.com"] }));
  expect(stack.resources("aws_sns_topic")).toEqual({});
  expect(stack.resources("aws_kms_key")).toEqual({});
  for (const alarm of Object.values(stack.resources("aws_cloudwatch_metric_alarm")))
    expect(alarm).toMatchObject({ alarm_actions: [GIVEN], ok_actions: [GIVEN] });
  expect(Object.values(stack.resources("aws_sns_topic_subscription"))).toMatchObject([{ topic_arn: GIVEN }]);
  expect(stack.json["output"]).toMatchObject({ alarm_topic: { value: GIVEN } });
});

test("the topic of its own is an output", () => {
  expect(synthesise(leastInput).json["output"]).toMatchObject({ alarm_topic: { value: OWN } });
});

test("a Slack channel hears of alarms, and nobody can do anything from there", async () => {
  const slack = [{ workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }];
  const stack = synthesise(withAlarms({ slack }));
  expect(Object.values(stack.resources("aws_chatbot_slack_channel_configuration"))).toEqual([
    {
      configuration_name: "genesys-events-test-C07EZ1ABC23",
      slack_team_id: "T07EA123LEP",
      slack_channel_id: "C07EZ1ABC23",
      iam_role_arn: ref("aws_iam_role.alarms_topic_chat_role.arn"),
      guardrail_policy_arns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
      sns_topic_arns: [OWN],
      logging_level: "ERROR",
    },
  ]);
  const role = stack.resource("aws_iam_role", "alarms_topic_chat_role");
  expect(json(role["assume_role_policy"])).toMatchObject({
    Statement: [{ Principal: { Service: "chatbot.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const policies = Object.values(stack.resources("aws_iam_role_policy"));
  expect(policies.filter(({ role: of }) => String(of).includes("chat"))).toEqual([]);
  await expect(alarmsOf(stack)).resolves.not.toEqual([]); // the local run takes it
});

test("an environment that is not disposable and wakes nobody is a finding; a developer's own is none", () => {
  expect(findings(silentInput)).toEqual([
    expect.stringMatching(/\.alarms: "nobody" — its alarms would wake nobody/),
  ]);
  expect(findings({ ...silentInput, ...leastInput })).toEqual([]);
  for (const alarms of [
    { notify: ["a@example.com"] },
    { endpoints: ["https://events.example.com"] },
    { slack: [{ workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }] },
    { topicArn: GIVEN },
  ])
    expect(findings({ ...silentInput, alarms })).toEqual([]);
});

test.each([
  ["endpoints", ["http://events.example.com"], /must be an https address/],
  ["endpoints", ["https://a.example.com", "https://a.example.com"], /stands there twice/],
  ["slack", [{ workspaceId: "general", channelId: "C07EZ1ABC23" }], /must be a Slack workspace's id/],
  ["slack", [{ workspaceId: "T07EA123LEP", channelId: "#general" }], /must be a Slack channel's id/],
  ["slack", Array(2).fill({ workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }), /stands there twice/],
  ["topicArn", "arn:aws:sns:eu-west-1:123456789012:on-call.fifo", /must be the ARN of a standard topic/],
  ["topicArn", "arn:aws:sns:us-east-1:123456789012:on-call", /topics of its own region only, eu-west-1/],
])("alarms.%s: %j is refused", (name, value, message) => {
  expect(findings(withAlarms({ [name]: value }))).toEqual([expect.stringMatching(message)]);
});
