import { CommandError, UsageError } from "../../contract/command-error.ts";
import type { HttpSource } from "../../contract/sources/index.ts";
import type { GenesysClient } from "../genesys/client.ts";
import { adjust } from "../genesys/ensure.ts";
import { openMessaging } from "../genesys/resources/open-messaging.ts";
import type { Named, Resource } from "../genesys/resources/resource.ts";
import { settingsOf, webhooks } from "../genesys/resources/webhooks.ts";

/** What in Genesys signs with a secret of ours. */
export interface Signer {
  /** `Open Messaging integration "main"` */
  readonly title: string;
  /** Has it sign with this one. @throws {GenesysError} */
  readonly signWith: (secret: string) => Promise<void>;
}

/**
 * What in Genesys posts to an address of ours.
 *
 * @param name in place of the address, where Genesys posts to another one that leads here
 * @throws {CommandError} where there is nothing, or nothing that we could change
 */
export async function findSigners(
  client: () => Promise<GenesysClient>,
  source: HttpSource,
  url: string,
  name: string | undefined,
): Promise<Signer[]> {
  switch (source) {
    case "open-messaging":
      return signersAmong(openMessaging(await client()), url, name, {
        urlOf: (integration) => integration.outboundNotificationWebhookUrl,
        wanted: (integration, secret) => ({
          name: integration.name,
          url: integration.outboundNotificationWebhookUrl ?? url,
          secret,
        }),
      });
    case "webhook":
      return signersAmong(webhooks(await client()), url, name, {
        urlOf: ({ endpointUrl }) => endpointUrl,
        wanted: (webhook, secret) => ({
          name: webhook.name,
          description: webhook.description ?? "",
          enabled: webhook.enabled ?? true,
          eventTypes: webhook.eventTypes ?? [],
          endpointUrl: webhook.endpointUrl ?? url,
          secret,
          settings: settingsOf(webhook),
        }),
      });
    case "data-action":
      throw new UsageError(
        "A data action's secret stands in its integration's credentials, which a person changes.",
        "Give --manual, and change it in Genesys (Admin, Integrations) when you are asked to.",
      );
  }
}

async function signersAmong<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  url: string,
  name: string | undefined,
  {
    urlOf,
    wanted,
  }: {
    readonly urlOf: (thing: Thing) => string | undefined;
    readonly wanted: (thing: Thing, secret: string) => Wanted;
  },
): Promise<Signer[]> {
  const all = await resource.list();
  const found = all.filter((thing) => (name === undefined ? urlOf(thing) === url : thing.name === name));
  if (found.length === 0) {
    throw new CommandError(
      name === undefined
        ? `No ${resource.noun} in Genesys posts to ${url}.`
        : `There is no ${resource.noun} "${name}" in Genesys.`,
      "Name it with --name, or change it there yourself with --manual.",
    );
  }
  return found.map((thing) => ({
    title: `${resource.noun} "${thing.name}"`,
    async signWith(secret) {
      await adjust(resource, wanted(thing, secret), thing, { always: true });
    },
  }));
}
