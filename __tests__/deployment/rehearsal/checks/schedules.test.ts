import { compareRule, compareTargets } from "../../../../deployment/rehearsal/checks/schedules.ts";
import { different, stackOf } from "../../../support/asked.ts";

describe("a schedule", () => {
  const stack = stackOf({
    aws_cloudwatch_event_rule: { it: { name: "minutely", schedule_expression: "rate(1 minute)" } },
    aws_cloudwatch_event_target: {
      it: {
        rule: "minutely",
        arn: "arn:recovery",
        retry_policy: { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 },
      },
      other: { rule: "another", arn: "arn:other" },
    },
  });
  const [rule] = stack.ofType("aws_cloudwatch_event_rule");
  if (rule === undefined) throw new Error("unreachable");
  const target = {
    Arn: "arn:recovery",
    RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
  };

  test("as asked, at another rate, switched off, not there", () => {
    const found = { ScheduleExpression: "rate(1 minute)", State: "ENABLED" };
    expect(different(compareRule(rule, found))).toEqual([]);
    expect(different(compareRule(rule, { ...found, ScheduleExpression: "rate(1 hour)" }))).toEqual([
      "schedule",
    ]);
    expect(different(compareRule(rule, { ...found, State: "DISABLED" }))).toEqual(["state"]);
    expect(different(compareRule(rule, {}))).toEqual(["schedule", "state"]);
  });

  test("a rule for events: as asked, with another pattern, that gives up what it cannot send", () => {
    const events = stackOf({
      aws_cloudwatch_event_rule: { it: { name: "events", event_pattern: '{"source":["genesys"]}' } },
      aws_cloudwatch_event_target: {
        it: { rule: "events", arn: "arn:main", dead_letter_config: { arn: "arn:dead-letter" } },
      },
    });
    const [rule] = events.ofType("aws_cloudwatch_event_rule");
    if (rule === undefined) throw new Error("unreachable");
    const found = { State: "ENABLED", EventPattern: '{ "source": ["genesys"] }' };
    const target = { Arn: "arn:main", DeadLetterConfig: { Arn: "arn:dead-letter" } };
    expect(different(compareRule(rule, found))).toEqual([]);
    expect(different(compareRule(rule, { ...found, EventPattern: "{}" }))).toEqual(["pattern"]);
    expect(different(compareTargets(events, rule, [target]))).toEqual([]);
    expect(different(compareTargets(events, rule, [{ Arn: "arn:main" }]))).toEqual(["dead letters"]);
  });

  test.each([
    ["as asked", [target], []],
    ["none", [], ["targets", "calls", "oldest event, s", "retries"]],
    ["one too many", [target, { Arn: "arn:else" }], ["targets"]],
    ["another", [{ ...target, Arn: "arn:else" }], ["calls", "oldest event, s", "retries"]],
    ["with the emulator's own patience", [{ Arn: "arn:recovery" }], ["oldest event, s", "retries"]],
  ])("its targets: %s", (_title, found, expected) => {
    expect(different(compareTargets(stack, rule, found))).toEqual(expected);
  });
});
