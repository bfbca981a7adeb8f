import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { type Trigger, triggers, type WantedTrigger } from "../../genesys/resources/triggers.ts";
import { addGroup } from "./group.ts";
import { pairs } from "./options.ts";

type Criterion = WantedTrigger["matchCriteria"][number];

interface TriggerOptions {
  readonly topic?: string;
  readonly workflow?: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly match?: Readonly<Record<string, string>>;
  readonly criteria?: readonly Criterion[];
  readonly dataFormat?: WantedTrigger["target"]["workflowTargetSettings"]["dataFormat"];
}

/** `genesys trigger`: an event starts a workflow, whose data action calls the receiver. */
export function addTriggers(genesys: Command): void {
  addGroup<TriggerOptions, WantedTrigger, Trigger>(genesys, {
    command: "trigger",
    description: "triggers: an event starts a workflow, whose data action calls the receiver",
    resource: triggers,
    options: (command) =>
      command
        .option("--topic <name>", "the event: v2.detail.events.conversation.{id}.user.end")
        .option("--workflow <id>", "the Architect workflow that it starts")
        .option("--description <text>")
        .option("--enabled", "switched on, as it is at first")
        .option("--no-enabled", "switched off")
        .option(
          "--match <path=value>",
          "only events with this value at this path; may be given several times",
          pairs,
        )
        .option("--criteria <json>", 'the same in full: [{"jsonPath":…,"operator":…,"value":…}]', criteria)
        .addOption(
          new Option(
            "--data-format <format>",
            "what the workflow gets; TopLevelPrimitives drops lists and objects",
          ).choices(["Json", "TopLevelPrimitives"]),
        ),
    async wanted(session, options, existing) {
      const topicName = options.topic ?? existing?.topicName;
      const workflow = options.workflow ?? existing?.target?.id;
      if (topicName === undefined || workflow === undefined) {
        throw new UsageError(
          "A trigger needs a topic and a workflow.",
          "Give --topic and --workflow; Architect shows a workflow's id in its address.",
        );
      }
      const before = existing?.target?.workflowTargetSettings?.dataFormat;
      const dataFormat = options.dataFormat ?? (before === "TopLevelPrimitives" ? before : "Json");
      return {
        name: options.name ?? (await session.context.environment()).outputs.namePrefix,
        description:
          options.description ?? existing?.description ?? "Starts the workflow that calls the event pipeline",
        topicName,
        enabled: options.enabled ?? existing?.enabled ?? true,
        target: { type: "Workflow", id: workflow, workflowTargetSettings: { dataFormat } },
        matchCriteria: criteriaOf(options) ?? existing?.matchCriteria ?? [],
      };
    },
    show: async ({ id, name, topicName, target, matchCriteria, enabled, version }) => ({
      id,
      name,
      topicName,
      workflow: target?.id,
      matchCriteria,
      enabled,
      version,
    }),
    hasSecret: false,
    columns: {
      TOPIC: ({ topicName }) => topicName,
      WORKFLOW: ({ target }) => target?.id,
      ENABLED: ({ enabled }) => (enabled === undefined ? undefined : enabled ? "yes" : "no"),
    },
    examples: {
      create: [
        "genesys-dlq genesys trigger create --environment production --topic 'v2.detail.events.conversation.{id}.user.end' --workflow ID --match mediaType=VOICE",
        "genesys-dlq genesys trigger create --name ended --topic 'v2.detail.events.conversation.{id}.user.end' --workflow ID --dry-run",
      ],
    },
  });
}

function criteriaOf({ match, criteria }: TriggerOptions): readonly Criterion[] | undefined {
  if (match === undefined && criteria === undefined) return undefined;
  const equal = Object.entries(match ?? {}).map(([jsonPath, value]) => ({
    jsonPath,
    operator: "Equal",
    value,
  }));
  return [...equal, ...(criteria ?? [])];
}

function criteria(value: string): readonly Criterion[] {
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list) && list.every((each) => typeof each?.jsonPath === "string" && each.operator))
      return list;
  } catch {
    // said below
  }
  throw new InvalidArgumentError("It has to be a JSON list of {jsonPath, operator, value}.");
}
