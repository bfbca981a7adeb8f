import { z } from "zod";
import { defined } from "../../../contract/defined.ts";
import type { GenesysClient } from "../client.ts";
import { compare, type Difference, type Resource, secretDifference } from "./resource.ts";

const PATH = "/api/v2/conversations/messaging/integrations/open";

const schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  outboundNotificationWebhookUrl: z.string().optional(),
  outboundNotificationWebhookSignatureSecretToken: z.string().optional(),
  webhookHeaders: z.record(z.string(), z.string()).optional(),
  status: z.string().optional(),
  createStatus: z.string().optional(),
  dateCreated: z.string().optional(),
});

export type OpenMessagingIntegration = z.output<typeof schema>;

export interface WantedOpenMessagingIntegration {
  readonly name: string;
  readonly url: string;
  /** Longer than 15 characters. */
  readonly secret: string;
  /** Sent with every event. @default as they are */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Characters; what Genesys asks of a signature secret, by the SDK's model of the request. */
export const SHORTEST_SECRET = 16;

/** Open Messaging integrations: the platform's own signed push. */
export function openMessaging(
  client: GenesysClient,
): Resource<WantedOpenMessagingIntegration, OpenMessagingIntegration> {
  const shown = ({ name, url, headers }: WantedOpenMessagingIntegration) => ({
    name,
    outboundNotificationWebhookUrl: url,
    ...defined({ webhookHeaders: headers }),
  });
  const body = (wanted: WantedOpenMessagingIntegration) => ({
    ...shown(wanted),
    outboundNotificationWebhookSignatureSecretToken: wanted.secret,
  });
  const pathOf = ({ id }: { readonly id: string }) => `${PATH}/${encodeURIComponent(id)}`;
  return {
    noun: "Open Messaging integration",
    list: () => client.list(PATH, schema, "list the Open Messaging integrations"),
    create: (wanted) =>
      client.call(
        { method: "POST", path: PATH, body: body(wanted), doing: "create the Open Messaging integration" },
        schema,
      ),
    differences: (wanted, integration) => [
      ...compare(shown(wanted), integration).map(withoutHeaderValues),
      ...secretDifference(
        "outboundNotificationWebhookSignatureSecretToken",
        wanted.secret,
        integration.outboundNotificationWebhookSignatureSecretToken,
      ),
    ],
    update: (wanted, integration) =>
      client.call(
        {
          method: "PATCH",
          path: pathOf(integration),
          body: body(wanted),
          doing: "change the Open Messaging integration",
          repeatable: true,
        },
        schema,
      ),
    delete: (integration) =>
      client.send({
        method: "DELETE",
        path: pathOf(integration),
        doing: "delete the Open Messaging integration",
        repeatable: true,
      }),
    createdAt: ({ dateCreated = "" }) => dateCreated,
  };
}

/** A header may carry a key: only its name is said. */
function withoutHeaderValues(difference: Difference): Difference {
  if (difference.field !== "webhookHeaders") return difference;
  const namesIn = (headers: unknown) => Object.keys((headers as object | undefined) ?? {});
  return { field: difference.field, from: namesIn(difference.from), to: namesIn(difference.to) };
}
