import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { secretKey } from "../../../contract/outputs.ts";
import { type WantedWebhook, type Webhook, webhooks } from "../../genesys/resources/webhooks.ts";
import { addGroup } from "./group.ts";
import { several } from "./options.ts";
import { targetUrl } from "./target-url.ts";

interface WebhookOptions {
  readonly url?: string;
  readonly description?: string;
  readonly eventType?: readonly string[];
  readonly enabled?: boolean;
  readonly secretParameter?: string;
}

/** The tutorial's own example. */
const EVENT_TYPE = "conversation:analytics:summary";

/** `genesys webhooks`: the tutorial's contract. */
export function addWebhooks(genesys: Command): void {
  addGroup<WebhookOptions, WantedWebhook, Webhook>(genesys, {
    command: "webhooks",
    description: "webhooks as the tutorial has them: /api/v2/webhooks, which the real platform has not",
    resource: webhooks,
    options: (command) =>
      command
        .option("--url <url>", "where to post (default: the environment's webhook URL)")
        .option("--description <text>")
        .option("--event-type <type>", `may be given several times (default: ${EVENT_TYPE})`, several)
        .option("--enabled", "switched on, as it is at first")
        .option("--no-enabled", "switched off")
        .option(
          "--secret-parameter <name>",
          "SSM parameter with its secret (default: the environment's own)",
        ),
    async wanted(session, options, existing) {
      const { outputs } = await session.context.environment();
      const parameter = options.secretParameter ?? outputs.secretParameters[secretKey("webhook", "")];
      const url = options.url ?? outputs.urls.webhook;
      if (url === undefined) {
        throw new UsageError(
          `${outputs.environment} takes in no webhooks.`,
          "Add sources.webhook in infra/environments.ts, or give --url.",
        );
      }
      return {
        name: options.name ?? outputs.namePrefix,
        description:
          options.description ?? existing?.description ?? "Events for the pipeline with a dead-letter queue",
        enabled: options.enabled ?? existing?.enabled ?? true,
        eventTypes: options.eventType ?? existing?.eventTypes ?? [EVENT_TYPE],
        endpointUrl: targetUrl(url, await session.client()),
        ...(parameter === undefined ? {} : { secret: await session.secret(parameter) }),
      };
    },
    show: async ({ id, name, endpointUrl, eventTypes, enabled, retryCount, retryInterval, timeout }) => ({
      id,
      name,
      endpointUrl,
      eventTypes,
      enabled,
      retryCount,
      retryInterval,
      timeout,
    }),
    columns: {
      URL: ({ endpointUrl }) => endpointUrl,
      EVENTS: ({ eventTypes }) => eventTypes?.join(" "),
      ENABLED: ({ enabled }) => (enabled === undefined ? undefined : enabled ? "yes" : "no"),
    },
    hasSecret: true,
    examples: {
      create: [
        "genesys-dlq genesys webhooks create --environment staging",
        "genesys-dlq genesys webhooks create --event-type conversation:analytics:summary --dry-run",
      ],
      update: [
        "genesys-dlq genesys webhooks update --name genesys-events-staging --no-enabled",
        "genesys-dlq genesys webhooks update --id ID --url https://example.com/webhook",
      ],
    },
  });
}
