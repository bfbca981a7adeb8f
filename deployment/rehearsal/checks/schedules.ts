import { type AskedResource, type AskedStack, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed } from "../finding.ts";
import type { EventRule, EventTarget } from "../json-protocol.ts";

/** Every EventBridge rule with its schedule or its pattern, and its targets, no more and no fewer. */
export async function checkSchedules(asked: AskedStack, { json }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_cloudwatch_event_rule")) {
    const name = String(it.attributes["name"]);
    const bus = it.attributes["event_bus_name"] as string | undefined;
    const found = (await json.listRules(bus)).find((rule) => rule.Name === name) ?? {};
    const targets = await json.listTargets(name, bus);
    findings.push(...compareRule(it, found), ...compareTargets(asked, it, targets));
  }
  return findings;
}

export function compareRule(asked: AskedResource, found: EventRule): Finding[] {
  const given = asked.attributes;
  return compare(asked.address, {
    schedule: [given["schedule_expression"], found.ScheduleExpression],
    pattern: [parsed(given["event_pattern"]), parsed(found.EventPattern)],
    // What Terraform does not say is on.
    state: [given["state"] ?? "ENABLED", found.State],
  });
}

export function compareTargets(
  asked: AskedStack,
  rule: AskedResource,
  found: readonly EventTarget[],
): Finding[] {
  const targets = asked
    .ofType("aws_cloudwatch_event_target")
    .filter((it) => it.attributes["rule"] === rule.attributes["name"]);
  return [
    ...compare(rule.address, { targets: [targets.length, found.length] }),
    ...targets.flatMap((it) => {
      const target = found.find(({ Arn }) => Arn === it.attributes["arn"]);
      const retry = block(it.attributes["retry_policy"]);
      return compare(it.address, {
        "dead letters": [block(it.attributes["dead_letter_config"])?.["arn"], target?.DeadLetterConfig?.Arn],
        calls: [it.attributes["arn"], target?.Arn],
        "oldest event, s": [
          retry?.["maximum_event_age_in_seconds"],
          target?.RetryPolicy?.MaximumEventAgeInSeconds,
        ],
        retries: [retry?.["maximum_retry_attempts"], target?.RetryPolicy?.MaximumRetryAttempts],
      });
    }),
  ];
}
