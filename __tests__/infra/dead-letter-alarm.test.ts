import { leastInput, ref, synthesise } from "../support/synthesise.ts";

const TOPIC = ref("aws_sns_topic.dead_letter_alarm_topic.arn");

test("one dead letter is enough, seen or being read, and its going away is told too", () => {
  const stack = synthesise(leastInput);
  expect(Object.values(stack.resources("aws_cloudwatch_metric_alarm"))).toHaveLength(1);
  expect(stack.resource("aws_cloudwatch_metric_alarm", "dead_letter_alarm")).toMatchObject({
    alarm_name: "genesys-events-test-dead-letters",
    comparison_operator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluation_periods: 1,
    datapoints_to_alarm: 1,
    treat_missing_data: "notBreaching",
    alarm_actions: [TOPIC],
    ok_actions: [TOPIC],
    metric_query: [
      { id: "depth", expression: "visible + in_flight", return_data: true },
      { id: "visible", metric: metric("ApproximateNumberOfMessagesVisible") },
      { id: "in_flight", metric: metric("ApproximateNumberOfMessagesNotVisible") },
    ],
  });
});

test("the topic bears no key that CloudWatch could not use", () => {
  expect(synthesise(leastInput).resources("aws_sns_topic")).toEqual({
    dead_letter_alarm_topic: { name: "genesys-events-test-alarms" },
  });
});

test("who is to hear of it is subscribed by e-mail, two addresses that look alike included", () => {
  const stack = synthesise({
    ...leastInput,
    alarms: { deadLetters: 12, notify: ["a.b@example.com", "a_b@example.com"] },
  });
  expect(stack.resource("aws_cloudwatch_metric_alarm", "dead_letter_alarm")["threshold"]).toBe(12);
  expect(Object.values(stack.resources("aws_sns_topic_subscription"))).toEqual(
    ["a.b@example.com", "a_b@example.com"].map((endpoint) => ({
      topic_arn: TOPIC,
      protocol: "email",
      endpoint,
    })),
  );
  expect(synthesise(leastInput).resources("aws_sns_topic_subscription")).toEqual({});
});

function metric(name: string) {
  return {
    namespace: "AWS/SQS",
    metric_name: name,
    dimensions: { QueueName: ref("aws_sqs_queue.queues_dead_letter.name") },
    stat: "Maximum",
    period: 60,
  };
}
