import { z } from "zod";
import { defined } from "../../../contract/defined.ts";
import type { GenesysClient } from "../client.ts";
import { GenesysError } from "../genesys-error.ts";
import { compare, type Resource, secretDifference } from "./resource.ts";

const PATH = "/api/v2/webhooks";

const schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  eventTypes: z.array(z.string()).optional(),
  filters: z.array(z.unknown()).optional(),
  endpointUrl: z.string().optional(),
  httpMethod: z.string().optional(),
  requestType: z.string().optional(),
  retryCount: z.number().optional(),
  retryInterval: z.number().optional(),
  timeout: z.number().optional(),
  secret: z.string().optional(),
});

export type Webhook = z.output<typeof schema>;

/** What a person decides; the rest is the tutorial's. */
export interface WantedWebhook {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly eventTypes: readonly string[];
  readonly endpointUrl: string;
  readonly secret?: string | undefined;
  /** Absent: as the tutorial has them. */
  readonly settings?: WebhookSettings;
}

/** How it delivers. Seconds. */
export interface WebhookSettings {
  readonly filters: readonly unknown[];
  readonly retryCount: number;
  readonly retryInterval: number;
  readonly timeout: number;
}

/** The tutorial's body: it retries 3 times, 60 s apart, and waits 30 s for an answer. */
const TUTORIAL = { filters: [], retryCount: 3, retryInterval: 60, timeout: 30 } as const;

/** How a webhook delivers as it is, for a change that leaves that alone. */
export function settingsOf(webhook: Webhook): WebhookSettings {
  return {
    filters: webhook.filters ?? TUTORIAL.filters,
    retryCount: webhook.retryCount ?? TUTORIAL.retryCount,
    retryInterval: webhook.retryInterval ?? TUTORIAL.retryInterval,
    timeout: webhook.timeout ?? TUTORIAL.timeout,
  };
}

/** `/api/v2/webhooks`, the tutorial's contract. The platform itself has no such path, and a 404 says so. */
export function webhooks(client: GenesysClient): Resource<WantedWebhook, Webhook> {
  const shown = ({ secret: _, settings = TUTORIAL, ...rest }: WantedWebhook) => ({
    ...rest,
    ...settings,
    httpMethod: "POST",
    requestType: "JSON",
  });
  const body = (wanted: WantedWebhook) => ({
    ...shown(wanted),
    ...defined({ secret: wanted.secret }),
  });
  return {
    noun: "webhook",
    list: () => client.list(PATH, schema, "list the webhooks").catch(explainAbsence),
    create: (wanted) =>
      client
        .call({ method: "POST", path: PATH, body: body(wanted), doing: "create the webhook" }, schema)
        .catch(explainAbsence),
    differences: (wanted, webhook) => [
      ...compare(shown(wanted), webhook),
      ...secretDifference("secret", wanted.secret, webhook.secret),
    ],
    update: (wanted, { id }) =>
      client.call(
        {
          method: "PUT",
          path: `${PATH}/${encodeURIComponent(id)}`,
          body: body(wanted),
          doing: "change the webhook",
          repeatable: true,
        },
        schema,
      ),
    delete: ({ id }) =>
      client.send({
        method: "DELETE",
        path: `${PATH}/${encodeURIComponent(id)}`,
        doing: "delete the webhook",
        repeatable: true,
      }),
  };
}

function explainAbsence(error: unknown): never {
  if (!(error instanceof GenesysError) || error.kind !== "not-found") throw error;
  throw new GenesysError({
    ...error,
    message: `This Genesys Cloud has no ${PATH} (404): the path is the tutorial's, and in no version of Genesys' own SDK.`,
    remedy:
      "Use what the platform has: `genesys open-messaging create` for signed messages, `genesys eventbridge create` for conversation events, or `genesys trigger create` with a data action.",
  });
}
