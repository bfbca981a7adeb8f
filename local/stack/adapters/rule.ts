import type { LocalStack } from "../model.ts";
import { type Matches, readPattern } from "../pattern.ts";
import type { Resource } from "../resource.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

/** Kept until its targets come, which name it. */
export const rule: ResourceAdapter = {
  uses: ["name", "schedule_expression", "event_bus_name", "event_pattern", "state"],
  noEffect: { description: "for people" },
  outputs(resource, context) {
    const { name, arn } = identity(resource, context);
    return { id: name, name, arn };
  },
  add(resource) {
    requireEnabled(resource);
    void (isScheduled(resource) ? secondsOf(resource) : patternOf(resource));
  },
};

/** A target with the rule that it names, which `rules` finds: a function on a schedule, or a queue for events. */
export function target(rules: (name: string) => Resource | undefined): ResourceAdapter {
  return {
    uses: ["rule", "arn", "dead_letter_config"],
    noEffect: {
      target_id: "a target has no name here",
      event_bus_name: "the rule is found by its name, and has the bus",
      retry_policy: "a function of this machine takes every call, and whoever puts an event tries again",
    },
    outputs: (resource) => ({ id: resource.address, arn: resource.text("arn") }),
    add(resource, stack, context) {
      const found = rules(resource.text("rule"));
      if (!found)
        return resource.refuse(`names a rule that the stack does not have: ${resource.text("rule")}`);
      if (isScheduled(found)) addSchedule(resource, found, stack, context);
      else addEventRule(resource, found, stack, context);
    },
  };
}

function addSchedule(resource: Resource, found: Resource, stack: LocalStack, context: AdapterContext): void {
  const functionArn = resource.text("arn");
  if (!stack.functions.some(({ arn }) => arn === functionArn)) {
    resource.refuse(`calls a function that the stack does not have: ${functionArn}`);
  }
  const { name: ruleName, arn: ruleArn } = identity(found, context);
  stack.schedules.push({ ruleName, ruleArn, everySeconds: secondsOf(found), functionArn });
}

function addEventRule(resource: Resource, found: Resource, stack: LocalStack, context: AdapterContext): void {
  const queueArn = resource.text("arn");
  const deadLetterArn = resource.optionalText("dead_letter_config.arn");
  for (const wanted of [queueArn, deadLetterArn]) {
    if (wanted === undefined || stack.queues.some(({ arn }) => arn === wanted)) continue;
    resource.refuse(`sends to a queue that the stack does not have: ${wanted}`);
  }
  stack.eventRules.push({
    ruleName: found.text("name"),
    busName: found.text("event_bus_name"),
    matches: patternOf(found),
    ruleArn: identity(found, context).arn,
    queueArn,
    deadLetterArn,
  });
}

function requireEnabled(resource: Resource): void {
  const state = resource.optionalText("state") ?? "ENABLED";
  if (state !== "ENABLED") resource.refuse(`is ${state}, and only rules that are on run here`);
}

function isScheduled(resource: Resource): boolean {
  return resource.value("schedule_expression") !== undefined;
}

function patternOf(resource: Resource): Matches {
  if (resource.value("event_bus_name") === undefined) {
    resource.refuse("takes events from the account's own bus, and only a partner's events are served here");
  }
  try {
    return readPattern(resource.text("event_pattern"));
  } catch (error) {
    return resource.refuse((error as Error).message);
  }
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** `rate(5 minutes)` → 300 */
function secondsOf(resource: Resource): number {
  const expression = resource.text("schedule_expression");
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  return seconds > 0 ? seconds : resource.refuse(`has the schedule ${expression}; only a rate(…) runs here`);
}

function identity(resource: Resource, { region, account }: AdapterContext) {
  const name = resource.text("name");
  const bus = resource.optionalText("event_bus_name");
  return {
    name,
    arn: `arn:aws:events:${region}:${account}:rule/${bus === undefined ? "" : `${bus}/`}${name}`,
  };
}
