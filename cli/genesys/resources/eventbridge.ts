import { z } from "zod";
import type { GenesysClient } from "../client.ts";
import { compare, type Resource } from "./resource.ts";

const PATH = "/api/v2/integrations";
const TYPE = "amazon-eventbridge-source";

const configuration = z.looseObject({
  version: z.number(),
  notes: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  advanced: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string(), z.unknown()).default({}),
});
const schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  integrationType: z.looseObject({ id: z.string() }).optional(),
  intendedState: z.string().optional(),
  // Loosely: other types of integrations, which are in the same list, have what they like in it.
  config: z
    .looseObject({ current: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }) })
    .optional(),
});

export type EventBridgeIntegration = z.output<typeof schema>;

export interface WantedEventBridgeIntegration {
  readonly name: string;
  readonly awsAccountId: string;
  readonly awsAccountRegion: string;
  /** Last part of the partner event source's name. */
  readonly eventSourceSuffix: string;
  /** Topics: `v2.detail.events.conversation.{id}.user.end` */
  readonly eventFilter: readonly string[];
}

/**
 * Integrations of type `amazon-eventbridge-source`. One is created without configuration, then configured,
 * then enabled; a command that was cut off in between is continued by the next one.
 */
export function eventBridge(
  client: GenesysClient,
): Resource<WantedEventBridgeIntegration, EventBridgeIntegration> {
  const pathOf = ({ id }: { readonly id: string }) => `${PATH}/${encodeURIComponent(id)}`;
  return {
    noun: "EventBridge integration",
    async list() {
      const path = `${PATH}?expand=config.current`;
      const all = await client.list(path, schema, "list the integrations");
      return all.filter(({ integrationType }) => integrationType?.id === TYPE);
    },
    create: ({ name }) =>
      client.call(
        {
          method: "POST",
          path: PATH,
          body: { name, integrationType: { id: TYPE } },
          doing: "create the EventBridge integration",
        },
        schema,
      ),
    differences({ name: _, ...properties }, { config, intendedState }) {
      const actual = { ...config?.current?.properties, intendedState };
      return compare({ ...properties, intendedState: "ENABLED" }, actual);
    },
    async update({ name, ...properties }, integration) {
      const path = `${pathOf(integration)}/config/current`;
      const doing = "configure the EventBridge integration";
      // Its version changes with every change: the one that was listed may be an old one by now.
      const current = await client.get(path, configuration, doing);
      const { version, notes = "", advanced, credentials } = current;
      const wanted = { ...current.properties, ...properties };
      const config =
        compare(wanted, current.properties).length === 0
          ? current
          : await client.call(
              {
                method: "PUT",
                path,
                body: { name, version, notes, properties: wanted, advanced, credentials },
                doing,
              },
              configuration,
            );
      const enabled = await client.call(
        {
          method: "PATCH",
          path: pathOf(integration),
          body: { intendedState: "ENABLED" },
          doing: "enable the EventBridge integration",
          repeatable: true,
        },
        schema,
      );
      return { ...enabled, config: { current: config } };
    },
    delete: (integration) =>
      client.send({
        method: "DELETE",
        path: pathOf(integration),
        doing: "delete the EventBridge integration",
        repeatable: true,
      }),
    isBare: ({ config }) => Object.keys(config?.current?.properties ?? {}).length === 0,
  };
}
