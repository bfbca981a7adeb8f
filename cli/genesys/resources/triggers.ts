import { z } from "zod";
import type { GenesysClient } from "../client.ts";
import { GenesysError } from "../genesys-error.ts";
import { compare, type Resource } from "./resource.ts";

const PATH = "/api/v2/processautomation/triggers";

const target = z.looseObject({
  type: z.string(),
  id: z.string(),
  workflowTargetSettings: z.looseObject({ dataFormat: z.string().optional() }).optional(),
});
const schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  topicName: z.string().optional(),
  target: target.optional(),
  matchCriteria: z.array(z.looseObject({})).optional(),
  enabled: z.boolean().optional(),
  description: z.string().optional(),
  version: z.number().optional(),
});

export type Trigger = z.output<typeof schema>;

export interface WantedTrigger {
  readonly name: string;
  readonly description: string;
  readonly topicName: string;
  readonly enabled: boolean;
  readonly target: {
    readonly type: "Workflow";
    readonly id: string;
    /** `Json` passes the whole event; `TopLevelPrimitives` drops its lists and objects. */
    readonly workflowTargetSettings: { readonly dataFormat: "Json" | "TopLevelPrimitives" };
  };
  /** `{jsonPath, operator, value}` each; all have to match. */
  readonly matchCriteria: readonly Readonly<Record<string, unknown>>[];
}

/** Process automation triggers: an event of a topic starts a workflow, whose data action calls the receiver. */
export function triggers(client: GenesysClient): Resource<WantedTrigger, Trigger> {
  const pathOf = ({ id }: { readonly id: string }) => `${PATH}/${encodeURIComponent(id)}`;
  return {
    noun: "trigger",
    list: () => client.list(PATH, schema, "list the triggers"),
    create: (wanted) =>
      client.call({ method: "POST", path: PATH, body: wanted, doing: "create the trigger" }, schema),
    differences: (wanted, trigger) => compare({ ...wanted }, trigger),
    update(wanted, trigger) {
      if (trigger.topicName !== wanted.topicName) {
        throw new GenesysError({
          kind: "invalid",
          message: `The trigger "${wanted.name}" listens to ${trigger.topicName}, and a trigger's topic cannot be changed.`,
          remedy:
            "Delete that trigger in Genesys (Admin, Architect, Triggers), or give this one another name.",
        });
      }
      const body = { ...wanted, version: trigger.version };
      return client.call({ method: "PUT", path: pathOf(trigger), body, doing: "change the trigger" }, schema);
    },
    delete: (trigger) =>
      client.send({ method: "DELETE", path: pathOf(trigger), doing: "delete the trigger", repeatable: true }),
  };
}
