import { leastInput, ref, synthesise } from "../support/synthesise.ts";

const stack = synthesise(leastInput);
const RULE = ref("aws_cloudwatch_event_rule.recovery_schedule.arn");
const FUNCTION_NAME = ref("aws_lambda_function.recovery.function_name");

test("recovery runs every minute", () => {
  expect(stack.resources("aws_cloudwatch_event_rule")).toEqual({
    recovery_schedule: {
      name: "genesys-events-test-recovery-schedule",
      description: "Runs recovery",
      schedule_expression: "rate(1 minute)",
      // What is not written out, Terraform leaves as somebody has left it.
      state: "ENABLED",
    },
  });
});

test("the schedule calls recovery and nothing else, and a call that did not arrive within a minute is forgotten", () => {
  expect(stack.resources("aws_cloudwatch_event_target")).toEqual({
    recovery_target: {
      rule: ref("aws_cloudwatch_event_rule.recovery_schedule.name"),
      arn: ref("aws_lambda_function.recovery.arn"),
      retry_policy: { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 },
    },
  });
});

test("a run that failed, or waits for over a minute, is not repeated: the next one does its work", () => {
  expect(stack.resources("aws_lambda_function_event_invoke_config")).toEqual({
    recovery_invocations: {
      function_name: FUNCTION_NAME,
      maximum_event_age_in_seconds: 60,
      maximum_retry_attempts: 0,
    },
  });
});

test("EventBridge may call recovery by this schedule alone", () => {
  expect(stack.resource("aws_lambda_permission", "recovery_permission")).toEqual({
    statement_id: "schedule",
    action: "lambda:InvokeFunction",
    function_name: FUNCTION_NAME,
    principal: "events.amazonaws.com",
    source_arn: RULE,
  });
  const calls = Object.values(stack.resources("aws_lambda_permission")).filter(
    (permission) => permission["function_name"] === FUNCTION_NAME,
  );
  expect(calls).toHaveLength(1);
});
