import { json, leastInput, ref, synthesise } from "../support/synthesise.ts";

const stack = synthesise(leastInput);
const MAIN = ref("aws_sqs_queue.queues_main.arn");
const DEAD_LETTER = ref("aws_sqs_queue.queues_dead_letter.arn");

test("there are two queues, with the tutorial's numbers, encrypted", () => {
  expect(Object.keys(stack.resources("aws_sqs_queue")).sort()).toEqual(["queues_dead_letter", "queues_main"]);
  expect(stack.resource("aws_sqs_queue", "queues_main")).toMatchObject({
    name: "genesys-events-test-queue",
    message_retention_seconds: 345_600,
    delay_seconds: 0,
    visibility_timeout_seconds: 180,
    max_message_size: 262_144,
    sqs_managed_sse_enabled: true,
  });
  expect(stack.resource("aws_sqs_queue", "queues_dead_letter")).toMatchObject({
    name: "genesys-events-test-dead-letter-queue",
    message_retention_seconds: 1_209_600,
    max_message_size: 262_144,
    sqs_managed_sse_enabled: true,
  });
});

test("an event moves to the dead-letter queue after five receives, and only from the main queue", () => {
  expect(Object.values(stack.resources("aws_sqs_queue_redrive_policy"))).toHaveLength(1);
  const redrive = stack.resource("aws_sqs_queue_redrive_policy", "queues_redrive");
  expect(redrive["queue_url"]).toBe(ref("aws_sqs_queue.queues_main.url"));
  expect(json(redrive["redrive_policy"])).toEqual({ deadLetterTargetArn: DEAD_LETTER, maxReceiveCount: 5 });
  expect(json(stack.resource("aws_sqs_queue", "queues_dead_letter")["redrive_allow_policy"])).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: [MAIN],
  });
});

test.each([
  ["queues_main", MAIN],
  ["queues_dead_letter", DEAD_LETTER],
])("%s refuses every call without TLS", (queue, arn) => {
  expect(Object.values(stack.resources("aws_sqs_queue_policy"))).toHaveLength(2);
  const policy = stack.resource("aws_sqs_queue_policy", `${queue}_policy`);
  expect(policy["queue_url"]).toBe(ref(`aws_sqs_queue.${queue}.url`));
  expect(json(policy["policy"])).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
});

test("with EventBridge both take its largest events, unless somebody says otherwise", () => {
  const sources = {
    eventbridge: { partnerEventSource: "aws.partner/genesys.com/cloud/2e4f-11/events" },
  };
  const sizes = (more: object) =>
    Object.values(synthesise({ ...leastInput, sources, ...more }).resources("aws_sqs_queue")).map(
      ({ max_message_size: bytes }) => bytes,
    );
  expect(sizes({})).toEqual([1_048_576, 1_048_576]);
  expect(sizes({ queue: { maxMessageBytes: 262_144 } })).toEqual([262_144, 262_144]);
});

test("the numbers are the settings'", () => {
  const changed = synthesise({
    ...leastInput,
    queue: { retentionSeconds: 100_000, delaySeconds: 3, maxReceiveCount: 7, maxMessageBytes: 65_536 },
    deadLetterQueue: { retentionSeconds: 200_000 },
  });
  expect(changed.resource("aws_sqs_queue", "queues_main")).toMatchObject({
    message_retention_seconds: 100_000,
    delay_seconds: 3,
    max_message_size: 65_536,
  });
  expect(changed.resource("aws_sqs_queue", "queues_dead_letter")).toMatchObject({
    message_retention_seconds: 200_000,
    max_message_size: 65_536,
  });
  const redrive = changed.resource("aws_sqs_queue_redrive_policy", "queues_redrive");
  expect(json(redrive["redrive_policy"])).toMatchObject({ maxReceiveCount: 7 });
});
