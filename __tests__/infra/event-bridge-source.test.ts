import { guardedInput, json, leastInput, ref, synthesise } from "../support/synthesise.ts";

const SOURCE = "aws.partner/genesys.com/cloud/2e4f-11/events";
const stack = synthesise(guardedInput);
const RULE = ref("aws_cloudwatch_event_rule.eventbridge_rule.arn");
const BUS = ref("aws_cloudwatch_event_bus.eventbridge_bus.name");
const MAIN = ref("aws_sqs_queue.queues_main.arn");
const DEAD_LETTER = ref("aws_sqs_queue.queues_dead_letter.arn");

test("the bus is the partner event source's, under its name", () => {
  expect(stack.resources("aws_cloudwatch_event_bus")).toEqual({
    eventbridge_bus: { name: SOURCE, event_source_name: SOURCE },
  });
  expect(stack.json["output"]).toMatchObject({ event_bus: { value: BUS } });
});

test("the rule takes Genesys' events of the types that the settings name, whole ones and beginnings", () => {
  const rule = stack.resource("aws_cloudwatch_event_rule", "eventbridge_rule");
  expect(rule).toMatchObject({ name: "genesys-events-test-genesys-events", event_bus_name: BUS });
  expect(json(rule["event_pattern"])).toEqual({
    source: [{ prefix: "aws.partner/genesys.com/" }],
    "detail-type": [{ prefix: "v2.detail.events.conversation." }, "v2.detail.events.user.{id}.status"],
  });
});

test("without types it takes all", () => {
  const all = synthesise({ ...leastInput, sources: { eventbridge: { partnerEventSource: SOURCE } } });
  expect(json(all.resource("aws_cloudwatch_event_rule", "eventbridge_rule")["event_pattern"])).toEqual({
    source: [{ prefix: "aws.partner/genesys.com/" }],
  });
});

test("its events go to the main queue for a day, and then to the dead-letter queue", () => {
  expect(stack.resource("aws_cloudwatch_event_target", "eventbridge_target")).toEqual({
    rule: ref("aws_cloudwatch_event_rule.eventbridge_rule.name"),
    event_bus_name: BUS,
    arn: MAIN,
    dead_letter_config: { arn: DEAD_LETTER },
    retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
    depends_on: ["aws_sqs_queue_policy.queues_main_policy", "aws_sqs_queue_policy.queues_dead_letter_policy"],
  });
});

test.each([
  ["queues_main_policy", MAIN],
  ["queues_dead_letter_policy", DEAD_LETTER],
])("%s lets this rule send, and nobody else", (id, arn) => {
  expect(json(stack.resource("aws_sqs_queue_policy", id)["policy"])).toMatchObject({
    Statement: [
      { Sid: "TlsOnly" },
      {
        Sid: "EventBridge",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn,
        Condition: { ArnEquals: { "aws:SourceArn": RULE } },
      },
    ],
  });
});

test("without the source there is none of it", () => {
  const without = synthesise(leastInput);
  expect(without.resources("aws_cloudwatch_event_bus")).toEqual({});
  expect(Object.keys(without.resources("aws_cloudwatch_event_rule"))).toEqual(["recovery_schedule"]);
});
