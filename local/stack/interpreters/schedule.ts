import type { Interpreter, Place } from "../interpreter.ts";
import type { Resource } from "../resource.ts";

/** Kept until its targets come, which name it. */
export const rule: Interpreter = {
  uses: ["name", "schedule_expression"],
  noEffect: { description: "for people" },
  outputs(resource, place) {
    const { name, arn } = identity(resource, place);
    return { id: name, name, arn };
  },
  add: (resource) => void secondsOf(resource),
};

/** A target with the rule that it names, which `rules` finds. */
export function target(rules: (name: string) => Resource | undefined): Interpreter {
  return {
    uses: ["rule", "arn"],
    noEffect: {
      target_id: "a target has no name here",
      retry_policy: "a function of this machine takes every call",
    },
    outputs: (resource) => ({ id: resource.address, arn: resource.text("arn") }),
    add(resource, stack, place) {
      const found = rules(resource.text("rule"));
      if (!found)
        return resource.refuse(`names a rule that the stack does not have: ${resource.text("rule")}`);
      const functionArn = resource.text("arn");
      if (!stack.functions.some(({ arn }) => arn === functionArn)) {
        resource.refuse(`calls a function that the stack does not have: ${functionArn}`);
      }
      const { name: ruleName, arn: ruleArn } = identity(found, place);
      stack.schedules.push({ ruleName, ruleArn, everySeconds: secondsOf(found), functionArn });
    },
  };
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** `rate(5 minutes)` → 300 */
function secondsOf(resource: Resource): number {
  const expression = resource.text("schedule_expression");
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  return seconds > 0 ? seconds : resource.refuse(`has the schedule ${expression}; only a rate(…) runs here`);
}

function identity(resource: Resource, { region, account }: Place) {
  const name = resource.text("name");
  return { name, arn: `arn:aws:events:${region}:${account}:rule/${name}` };
}
