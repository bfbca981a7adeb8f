import { fullInput, json, leastInput, ref, synthesise } from "../support/synthesise.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

const full = synthesise(fullInput);
const TOPIC = ref("aws_sns_topic.alarms_topic.arn");
const MAIN = ref("aws_sqs_queue.queues_main.arn");
const DEAD_LETTER = ref("aws_sqs_queue.queues_dead_letter.arn");
const BUCKET = ref("aws_s3_bucket.overflow.arn");
const STATE = ref("aws_dynamodb_table.state.arn");
const MAPPING = ref("aws_lambda_event_source_mapping.processor_mapping.arn");
const SIGNING = ref("aws_ssm_parameter.processor_destination_signing.arn");
const SECRET = ref("aws_ssm_parameter.processor_destination_secret.arn");

/** `action on resource`, with its condition, one line for each pair; every policy of the function's role. */
function grants(name: string, stack = full): string[] {
  const policies = Object.values(stack.resources("aws_iam_role_policy")).filter(
    ({ role }) => role === ref(`aws_iam_role.${name}_role.name`),
  );
  return policies
    .flatMap(({ policy }) => (json(policy) as { Statement: Statement[] }).Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) => {
        const when = Condition === undefined ? "" : ` if ${JSON.stringify(Condition)}`;
        return [Resource].flat().map((on) => `${Effect} ${action} on ${on}${when}`);
      }),
    )
    .sort();
}

/** What every function may do with its log group. */
function logs(name: string): string[] {
  const group = ref(`aws_cloudwatch_log_group.${name}_logs.arn`);
  return [`Allow logs:CreateLogStream on ${group}:*`, `Allow logs:PutLogEvents on ${group}:*`];
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
      `Allow s3:PutObject on ${BUCKET}/claim-checks/*`,
      `Allow s3:PutObject on ${BUCKET}/spill/*`,
      ...secrets.map(
        (id) => `Allow ssm:GetParameter on ${ref(`aws_ssm_parameter.receiver_secrets_${id}.arn`)}`,
      ),
      ...logs("receiver"),
    ].sort(),
  );
});

test("the processor may consume, send to the dead-letter queue, requeue, fetch claim checks, remember, read the destination's secret and call recovery, and nothing else", () => {
  expect(grants("processor")).toEqual(
    [
      `Allow sqs:ReceiveMessage on ${MAIN}`,
      `Allow sqs:DeleteMessage on ${MAIN}`,
      `Allow sqs:GetQueueAttributes on ${MAIN}`,
      `Allow sqs:ChangeMessageVisibility on ${MAIN}`,
      `Allow sqs:SendMessage on ${DEAD_LETTER}`,
      `Allow sqs:SendMessage on ${MAIN}`,
      `Allow s3:GetObject on ${BUCKET}/claim-checks/*`,
      `Allow s3:ListBucket on ${BUCKET}`,
      `Allow dynamodb:GetItem on ${STATE}`,
      `Allow dynamodb:PartiQLInsert on ${STATE}`,
      `Allow dynamodb:PutItem on ${STATE}`,
      `Allow dynamodb:UpdateItem on ${STATE}`,
      `Allow ssm:GetParameter on ${SECRET}`,
      `Allow ssm:GetParameter on ${SIGNING}`,
      `Allow lambda:InvokeFunction on ${ref("aws_lambda_function.recovery.arn")}`,
      ...logs("processor"),
    ].sort(),
  );
});

test("recovery may bring back and park events and dead letters, turn the mapping, call itself, remember, probe with the processor and say why deliveries have stopped, and nothing else", () => {
  expect(grants("recovery")).toEqual(
    [
      `Allow sns:Publish on ${TOPIC}`,
      ...["Decrypt", "GenerateDataKey"].map(
        (action) =>
          `Allow kms:${action} on ${ref("aws_kms_key.alarms_topic_key.arn")} if {"StringEquals":{"kms:ViaService":"sns.eu-west-1.amazonaws.com"}}`,
      ),
      `Allow sqs:ReceiveMessage on ${DEAD_LETTER}`,
      `Allow sqs:DeleteMessage on ${DEAD_LETTER}`,
      `Allow sqs:ChangeMessageVisibility on ${DEAD_LETTER}`,
      `Allow sqs:ChangeMessageVisibility on ${MAIN}`,
      `Allow sqs:GetQueueAttributes on ${DEAD_LETTER}`,
      `Allow sqs:ReceiveMessage on ${MAIN}`,
      `Allow sqs:DeleteMessage on ${MAIN}`,
      `Allow sqs:GetQueueAttributes on ${MAIN}`,
      `Allow sqs:SendMessage on ${MAIN}`,
      `Allow sqs:SendMessage on ${DEAD_LETTER}`,
      `Allow s3:ListBucket on ${BUCKET} if {"StringEquals":{"s3:prefix":["spill/","parked/","breaker/mapping.json"]}}`,
      `Allow s3:GetObject on ${BUCKET}/parked/*`,
      `Allow s3:PutObject on ${BUCKET}/parked/*`,
      `Allow s3:DeleteObject on ${BUCKET}/parked/*`,
      `Allow s3:GetObject on ${BUCKET}/claim-checks/*`,
      `Allow s3:PutObject on ${BUCKET}/claim-checks/*`,
      `Allow s3:GetObject on ${BUCKET}/spill/*`,
      `Allow s3:DeleteObject on ${BUCKET}/spill/*`,
      `Allow dynamodb:GetItem on ${STATE}`,
      `Allow dynamodb:PutItem on ${STATE}`,
      `Allow dynamodb:UpdateItem on ${STATE}`,
      `Allow s3:GetObject on ${BUCKET}/breaker/mapping.json`,
      `Allow s3:PutObject on ${BUCKET}/breaker/mapping.json`,
      `Allow lambda:InvokeFunction on ${ref("aws_lambda_function.processor.arn")}`,
      `Allow lambda:InvokeFunction on ${ref("aws_lambda_function.recovery.arn")}`,
      `Allow lambda:GetEventSourceMapping on ${MAPPING}`,
      `Allow lambda:UpdateEventSourceMapping on ${MAPPING}`,
      ...logs("recovery"),
    ].sort(),
  );
});

test("without secrets there is no statement about them", () => {
  const open = synthesise({ ...leastInput, sources: { webhook: { authentication: { kind: "none" } } } });
  expect(["receiver", "processor", "recovery"].flatMap((name) => grants(name, open)).join()).not.toContain(
    "ssm:",
  );
  expect(open.resources("aws_ssm_parameter")).toEqual({});
});

test("each function has a role that Lambda alone may take, with its own policy, which comes before it", () => {
  expect(Object.keys(full.resources("aws_iam_role"))).toEqual([
    "processor_role",
    "receiver_role",
    "recovery_role",
  ]);
  expect(Object.keys(full.resources("aws_iam_role_policy"))).toEqual([
    "processor_policy",
    "receiver_policy",
    "recovery_call_policy", // the processor's too, but it names recovery, which comes after the processor
    "recovery_follow_policy",
    "recovery_policy",
  ]);
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
