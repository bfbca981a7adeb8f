import { fullInput, json, leastInput, ref, synthesise } from "../support/synthesise.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

const full = synthesise(fullInput);
const MAIN = ref("aws_sqs_queue.queues_main.arn");
const DEAD_LETTER = ref("aws_sqs_queue.queues_dead_letter.arn");
const OBJECTS = `${ref("aws_s3_bucket.overflow.arn")}/*`;

/** `action on resource`, one line for each pair. */
function grants(name: string, stack = full): string[] {
  const policy = json(stack.resource("aws_iam_role_policy", `${name}_policy`)["policy"]);
  return (policy as { Statement: Statement[] }).Statement.flatMap(({ Effect, Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${Effect} ${action} on ${on}`)),
  ).sort();
}

test("the receiver may send, store and read its sources' secrets, and nothing else", () => {
  const secrets = [
    "data-action",
    "open-messaging_6f0c2a1e-1111-4222-8333-444455556666",
    "open-messaging_second_2e_one",
    "webhook",
  ];
  expect(grants("receiver")).toEqual(
    [
      `Allow sqs:SendMessage on ${MAIN}`,
      `Allow sqs:SendMessage on ${DEAD_LETTER}`,
      `Allow s3:PutObject on ${OBJECTS}`,
      ...secrets.map(
        (id) => `Allow ssm:GetParameter on ${ref(`aws_ssm_parameter.receiver_secrets_${id}.arn`)}`,
      ),
      `Allow logs:CreateLogStream on ${ref("aws_cloudwatch_log_group.receiver_logs.arn")}:*`,
      `Allow logs:PutLogEvents on ${ref("aws_cloudwatch_log_group.receiver_logs.arn")}:*`,
    ].sort(),
  );
});

test("the processor may consume, set aside, fetch claim checks and read the destination's secret, and nothing else", () => {
  expect(grants("processor")).toEqual(
    [
      `Allow sqs:ReceiveMessage on ${MAIN}`,
      `Allow sqs:DeleteMessage on ${MAIN}`,
      `Allow sqs:GetQueueAttributes on ${MAIN}`,
      `Allow sqs:ChangeMessageVisibility on ${MAIN}`,
      `Allow sqs:SendMessage on ${DEAD_LETTER}`,
      `Allow s3:GetObject on ${OBJECTS}`,
      `Allow ssm:GetParameter on ${ref("aws_ssm_parameter.processor_destination_secret.arn")}`,
      `Allow logs:CreateLogStream on ${ref("aws_cloudwatch_log_group.processor_logs.arn")}:*`,
      `Allow logs:PutLogEvents on ${ref("aws_cloudwatch_log_group.processor_logs.arn")}:*`,
    ].sort(),
  );
});

test("without secrets there is no statement about them", () => {
  const open = synthesise({ ...leastInput, sources: { webhook: { authentication: { kind: "none" } } } });
  expect([...grants("receiver", open), ...grants("processor", open)].join()).not.toContain("ssm:");
  expect(open.resources("aws_ssm_parameter")).toEqual({});
});

test("each function has a role that Lambda alone may take, with one policy", () => {
  expect(Object.keys(full.resources("aws_iam_role"))).toEqual(["processor_role", "receiver_role"]);
  expect(Object.keys(full.resources("aws_iam_role_policy"))).toEqual(["processor_policy", "receiver_policy"]);
  for (const [id, role] of Object.entries(full.resources("aws_iam_role"))) {
    expect(json(role["assume_role_policy"])).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    expect(full.resource("aws_iam_role_policy", id.replace("_role", "_policy"))["role"]).toBe(
      ref(`aws_iam_role.${id}.name`),
    );
  }
});
