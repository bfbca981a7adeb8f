import type { Values } from "../../../terraform/plan-json.ts";
import { type ResourceTypes, type Scope, text } from "../grant.ts";

const TAGGING = ["events:TagResource", "events:UntagResource"];

/** A rule of the account's own bus bears no bus's name. */
function ruleArn(rule: string, bus: unknown, scope: Scope): string {
  return scope.arn("events", `rule/${bus === undefined ? "" : `${scope.name(bus)}/`}${rule}`);
}

export const events: ResourceTypes = {
  aws_cloudwatch_event_rule: {
    arn: ({ name, event_bus_name: bus }, scope) => ruleArn(text(name), bus, scope),
    grants: (arn) => [
      {
        read: ["events:DescribeRule", "events:ListTagsForResource"],
        change: ["events:DeleteRule", "events:PutRule", ...TAGGING],
        resources: [arn],
      },
    ],
  },
  aws_cloudwatch_event_target: {
    arn: ({ rule, event_bus_name: bus }: Values, scope) => ruleArn(scope.name(rule), bus, scope),
    grants: (arn) => [
      {
        read: ["events:ListTargetsByRule"],
        change: ["events:PutTargets", "events:RemoveTargets"],
        resources: [arn],
      },
    ],
  },
  aws_cloudwatch_event_bus: {
    arn: ({ name }, scope) => scope.arn("events", `event-bus/${text(name)}`),
    grants: (arn) => [
      {
        read: ["events:DescribeEventBus", "events:ListTagsForResource"],
        change: ["events:CreateEventBus", "events:DeleteEventBus", "events:UpdateEventBus", ...TAGGING],
        resources: [arn],
      },
    ],
  },
};
