import { CommandError } from "../../../contract/command-error.ts";
import { secretKey } from "../../../contract/outputs.ts";
import { urlOf } from "../../../contract/sources/signed-request.ts";
import type { SourceSettings } from "../../../contract/variables/sources.ts";
import { accountOf } from "../../aws/queue-url.ts";
import type { Environment } from "../../environment/environment.ts";
import { readReceiver } from "../../environment/receiver.ts";
import type { GenesysClient } from "../../genesys/client.ts";
import { GenesysError } from "../../genesys/genesys-error.ts";
import { identify } from "../../genesys/identity.ts";
import { eventBridge } from "../../genesys/resources/eventbridge.ts";
import { openMessaging } from "../../genesys/resources/open-messaging.ts";
import type { Named, Resource } from "../../genesys/resources/resource.ts";
import { webhooks } from "../../genesys/resources/webhooks.ts";
import type { Check, CheckTarget } from "../check.ts";
import { type CheckResult, resultsOf } from "../check-result.ts";
import { guarded } from "../guarded.ts";
import { commandFor } from "../words.ts";

/** Whether Genesys Cloud lets us in. */
export const genesysAccess: Check = {
  name: "Genesys access",
  async run({ genesys }) {
    const { ok, unchecked } = resultsOf("Genesys access");
    if (genesys === undefined) {
      return [
        unchecked(
          "No OAuth client is given.",
          "Give --genesys-region, and --client-id with --client-secret-parameter or --client-secret-stdin.",
        ),
      ];
    }
    const { organization, client } = await identify(await genesys());
    return [ok(`organisation ${organization.name}, as ${client.name ?? client.id}`)];
  },
};

/** Whether Genesys Cloud sends events here, for each source that the environment takes in. */
export const genesysSources: Check = {
  name: "Genesys sources",
  async run({ environment, genesys }) {
    const client = await letIn(genesys);
    if (client === undefined) return []; // the access' own finding says why
    const { sources } = await readReceiver(environment);
    const looks = sources.flatMap((settings) => looksAt(settings, environment, client));
    if (environment.outputs.eventBus !== undefined) looks.push(lookAtEventBridge(environment, client));
    return Promise.all(looks);
  },
};

async function letIn(genesys: CheckTarget["genesys"]): Promise<GenesysClient | undefined> {
  try {
    const client = await genesys?.();
    if (client !== undefined) await identify(client);
    return client;
  } catch (error) {
    if (error instanceof GenesysError || error instanceof CommandError) return undefined;
    throw error;
  }
}

/** One look for each integration of a source. */
function looksAt(
  { source, authentication }: SourceSettings,
  environment: Environment,
  client: GenesysClient,
): Promise<CheckResult>[] {
  const url = (integration: string) => urlOf(environment.outputs.urls[source] ?? "", integration);
  switch (source) {
    case "webhook":
      return [
        lookFor(source, webhooks(client), {
          here: ({ endpointUrl }) => endpointUrl === url(""),
          address: url(""),
          switchedOff: ({ enabled }) => enabled === false,
          create: commandFor(environment, "genesys webhooks create"),
        }),
      ];
    case "open-messaging":
      return Object.keys(authentication).map((integration) =>
        lookFor(secretKey(source, integration), openMessaging(client), {
          here: ({ outboundNotificationWebhookUrl }) => outboundNotificationWebhookUrl === url(integration),
          address: url(integration),
          switchedOff: ({ status }) => status === "Inactive",
          create: commandFor(environment, `genesys open-messaging create --integration ${integration}`),
        }),
      );
    case "data-action": {
      const { unchecked } = resultsOf(`Genesys: ${source}`);
      const found = "A data action's address stands in its contract, which is not read here.";
      return [Promise.resolve(unchecked(found, `It has to post to ${url("")}.`))];
    }
  }
}

function lookAtEventBridge(environment: Environment, client: GenesysClient): Promise<CheckResult> {
  const { eventBus = "", queueUrl, region } = environment.outputs;
  const wanted = {
    eventSourceSuffix: eventBus.split("/").at(-1),
    awsAccountId: accountOf(queueUrl),
    awsAccountRegion: region,
  };
  return lookFor("eventbridge", eventBridge(client), {
    here: ({ config }) =>
      Object.entries(wanted).every(([field, value]) => config?.current?.properties?.[field] === value),
    address: eventBus,
    switchedOff: ({ intendedState }) => intendedState !== "ENABLED",
    create: commandFor(environment, "genesys eventbridge create"),
  });
}

interface Look<Thing> {
  /** Whether it sends here. */
  readonly here: (thing: Thing) => boolean;
  /** Where "here" is. */
  readonly address: string;
  readonly switchedOff: (thing: Thing) => boolean;
  /** The command that connects it. */
  readonly create: string;
}

function lookFor<Wanted extends { readonly name: string }, Thing extends Named>(
  key: string,
  resource: Resource<Wanted, Thing>,
  { here, address, switchedOff, create }: Look<Thing>,
): Promise<CheckResult> {
  const check = `Genesys: ${key}`;
  const { ok, warning, failure } = resultsOf(check);
  const { noun } = resource;
  return guarded(check, async () => {
    const [found, ...others] = (await resource.list()).filter(here);
    if (found === undefined) return failure(`No ${noun} sends to ${address}.`, `Connect it: ${create}`);
    if (others.length > 0) {
      const names = [found, ...others].map(({ name }) => `"${name}"`).join(" and ");
      return warning(
        `Several send to ${address}: ${names}. Each event comes as often.`,
        "Delete all but one.",
      );
    }
    return switchedOff(found)
      ? failure(`The ${noun} "${found.name}" is switched off.`, "Switch it on in Genesys Cloud.")
      : ok(`"${found.name}" sends here`);
  });
}
