import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { secretKey } from "../../../contract/outputs.ts";
import { urlOf } from "../../../contract/sources/signed-request.ts";
import type { Environment } from "../../environment/environment.ts";
import {
  type OpenMessagingIntegration,
  openMessaging,
  SHORTEST_SECRET,
  type WantedOpenMessagingIntegration,
} from "../../genesys/resources/open-messaging.ts";
import { addGroup } from "./group.ts";
import { pairs } from "./options.ts";
import { targetUrl } from "./target-url.ts";

interface OpenMessagingOptions {
  readonly integration?: string;
  readonly url?: string;
  readonly secretParameter?: string;
  readonly header?: Readonly<Record<string, string>>;
}

/** `genesys open-messaging`: the platform's own signed push. */
export function addOpenMessaging(genesys: Command): void {
  addGroup<OpenMessagingOptions, WantedOpenMessagingIntegration, OpenMessagingIntegration>(genesys, {
    command: "open-messaging",
    description: "Open Messaging integrations: signed messages, pushed by the platform",
    resource: openMessaging,
    options: (command) =>
      command
        .option(
          "--integration <key>",
          "which of the environment's integrations; needed where there are several",
        )
        .option("--url <url>", "where to post: https, port 443 (default: the integration's URL here)")
        .option("--secret-parameter <name>", "SSM parameter with its secret (default: the integration's own)")
        .option("--header <name=value>", "sent with every message; may be given several times", pairs),
    async wanted(session, options) {
      const environment = await session.context.environment();
      const key = integrationOf(environment, options);
      const secret = await session.secret(
        options.secretParameter ??
          environment.outputs.secretParameters[secretKey("open-messaging", key)] ??
          "",
      );
      if (secret.length < SHORTEST_SECRET) {
        throw new UsageError(
          `Genesys takes no secret shorter than ${SHORTEST_SECRET} characters, and this one is.`,
          "Put a longer one into its parameter.",
        );
      }
      for (const value of Object.values(options.header ?? {})) session.redaction.add(value);
      return {
        name: options.name ?? [environment.outputs.namePrefix, key].filter(Boolean).join("-"),
        url: targetUrl(
          options.url ?? urlOf(environment.outputs.urls["open-messaging"] ?? "", key),
          await session.client(),
        ),
        secret,
        headers: options.header,
      };
    },
    show: async ({ id, name, outboundNotificationWebhookUrl: url, webhookHeaders, status }) => ({
      id,
      name,
      url,
      headers: Object.keys(webhookHeaders ?? {}),
      status,
    }),
    columns: {
      URL: ({ outboundNotificationWebhookUrl }) => outboundNotificationWebhookUrl,
      STATUS: ({ status }) => status,
    },
    hasSecret: true,
    examples: {
      create: [
        "genesys-dlq genesys open-messaging create --environment production --integration main",
        "genesys-dlq genesys open-messaging create --local --genesys-url http://127.0.0.1:9000",
      ],
      update: ["genesys-dlq genesys open-messaging update --name genesys-events-production-main"],
    },
  });
}

/** The integration's key in the configuration: the one that is meant, or the only one. */
function integrationOf({ outputs }: Environment, options: OpenMessagingOptions): string {
  const prefix = secretKey("open-messaging", "x").slice(0, -1);
  const keys = Object.keys(outputs.secretParameters)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const { integration, url, secretParameter } = options;
  if (integration !== undefined && keys.includes(integration)) return integration;
  if (url !== undefined && secretParameter !== undefined) return integration ?? "";
  const [only, ...others] = keys;
  if (integration === undefined && only !== undefined && others.length === 0) return only;
  throw new UsageError(
    integration === undefined
      ? `${outputs.environment} has ${keys.length === 0 ? "no signed" : "several"} Open Messaging integrations.`
      : `${outputs.environment} has no signed Open Messaging integration "${integration}".`,
    keys.length === 0
      ? "Add one under sources.open-messaging in infra/environments.ts, or give --url and --secret-parameter."
      : `Give --integration: ${keys.join(", ")}.`,
  );
}
