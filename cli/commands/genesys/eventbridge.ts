import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { accountOf } from "../../aws/queue-url.ts";
import type { GenesysClient } from "../../genesys/client.ts";
import { organizationOf } from "../../genesys/identity.ts";
import {
  type EventBridgeIntegration,
  eventBridge,
  type WantedEventBridgeIntegration,
} from "../../genesys/resources/eventbridge.ts";
import { addGroup } from "./group.ts";
import { several } from "./options.ts";

interface EventBridgeOptions {
  readonly accountId?: string;
  readonly accountRegion?: string;
  readonly suffix?: string;
  readonly topic?: readonly string[];
}

const SUFFIX = /^[A-Za-z0-9._-]{1,64}$/;

/** `genesys eventbridge`: the source for conversation events. */
export function addEventBridge(genesys: Command): void {
  addGroup<EventBridgeOptions, WantedEventBridgeIntegration, EventBridgeIntegration>(genesys, {
    command: "eventbridge",
    description: "EventBridge integrations: conversation events, as a partner event source in AWS",
    resource: eventBridge,
    options: (command) =>
      command
        .option("--account-id <id>", "AWS account (default: the environment's)", accountId)
        .option("--account-region <region>", "AWS region (default: the environment's)")
        .option(
          "--suffix <text>",
          "end of the partner event source's name (default: as deployed, or the integration's name)",
          suffix,
        )
        .option(
          "--topic <name>",
          "v2.detail.events.conversation.{id}.user.end; may be given several times",
          several,
        ),
    async wanted(session, options, existing) {
      const before = existing?.config?.current?.properties ?? {};
      const eventFilter = options.topic ?? (before["eventFilter"] as string[] | undefined);
      if (eventFilter === undefined) {
        throw new UsageError(
          "No topic is given: nothing would be sent.",
          "Give --topic, for one v2.detail.events.conversation.{id}.user.end.",
        );
      }
      const known = (field: string) => (typeof before[field] === "string" ? before[field] : undefined);
      const name = options.name;
      const account = options.accountId ?? known("awsAccountId");
      const region = options.accountRegion ?? known("awsAccountRegion");
      const end = options.suffix ?? known("eventSourceSuffix");
      if (name !== undefined && account !== undefined && region !== undefined) {
        const eventSourceSuffix = end ?? suffixFrom(name);
        return { name, awsAccountId: account, awsAccountRegion: region, eventSourceSuffix, eventFilter };
      }
      const { outputs } = await session.context.environment();
      return {
        name: name ?? outputs.namePrefix,
        awsAccountId: account ?? accountOf(outputs.queueUrl),
        awsAccountRegion: region ?? outputs.region,
        eventSourceSuffix:
          end ?? outputs.eventBus?.split("/").at(-1) ?? suffixFrom(name ?? outputs.namePrefix),
        eventFilter,
      };
    },
    show,
    columns: {
      STATE: ({ intendedState }) => intendedState,
      ACCOUNT: (integration) => text(integration, "awsAccountId"),
      REGION: (integration) => text(integration, "awsAccountRegion"),
      SUFFIX: (integration) => text(integration, "eventSourceSuffix"),
    },
    hasSecret: false,
    advice:
      "Put its partnerEventSource into sources.eventbridge in infra/environments.ts, and deploy: until its bus exists in AWS nothing is delivered.",
    examples: {
      create: [
        "genesys-dlq genesys eventbridge create --environment production --topic 'v2.detail.events.conversation.{id}.user.end'",
        "genesys-dlq genesys eventbridge create --name crm --account-id 123456789012 --account-region eu-west-1 --topic 'v2.detail.events.conversation.{id}.acd.start'",
      ],
    },
  });
}

/** Source and bus bear the same name, which has the organisation in it. */
async function show(integration: EventBridgeIntegration, client: GenesysClient) {
  const { id, name, intendedState, config } = integration;
  const properties = config?.current?.properties ?? {};
  const { id: orgId } = await organizationOf(client);
  return {
    id,
    name,
    intendedState,
    ...properties,
    partnerEventSource: `aws.partner/genesys.com/cloud/${orgId}/${text(integration, "eventSourceSuffix") ?? ""}`,
  };
}

function text({ config }: EventBridgeIntegration, field: string): string | undefined {
  const value = config?.current?.properties?.[field];
  return typeof value === "string" ? value : undefined;
}

function accountId(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new InvalidArgumentError("It has to be 12 digits.");
}

function suffix(value: string): string {
  if (SUFFIX.test(value)) return value;
  throw new InvalidArgumentError("It has to be up to 64 letters, digits, dots, dashes and underscores.");
}

/** A suffix that follows from the integration's name. @throws {UsageError} where none does */
function suffixFrom(name: string): string {
  const text = name.replaceAll(" ", "-");
  if (SUFFIX.test(text)) return text;
  throw new UsageError(`"${name}" cannot end the name of an event source.`, "Give --suffix.");
}
