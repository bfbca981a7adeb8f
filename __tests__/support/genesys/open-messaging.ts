import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Kept } from "./kept.ts";
import type { OAuth } from "./oauth.ts";
import { numberedPage, type PageQuery } from "./paging.ts";
import { outboundUrl, validate } from "./validate.ts";

const reference = z.looseObject({ id: z.string() });
const fields = {
  name: z.string().min(1).max(128),
  outboundNotificationWebhookUrl: outboundUrl,
  outboundNotificationWebhookSignatureSecretToken: z.string().min(16, "must be longer than 15 characters"),
  webhookHeaders: z.record(z.string(), z.string()).optional(),
  supportedContent: reference.optional(),
  messagingSetting: reference.optional(),
};
const creation = z.strictObject(fields);
/** The name is asked for with every change, as in the SDK's model. */
const change = z.strictObject(fields).partial().required({ name: true });

type KeptIntegration = z.output<typeof creation> & {
  readonly id: string;
  readonly status: "Active";
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly createStatus: "Completed";
};

const PATH = "/api/v2/conversations/messaging/integrations/open";

/** Open Messaging integrations. */
export class OpenMessaging {
  readonly kept: Kept<KeptIntegration>;
  /** Whether answers carry the signature secret. The SDK's model has the field; unsettled is what is in it. */
  showsSecret = false;
  readonly #now: () => number;

  constructor(uniqueNames: () => boolean, now: () => number) {
    this.kept = new Kept(uniqueNames);
    this.#now = now;
  }

  install(server: FastifyInstance, oauth: OAuth): void {
    const shown = (integration: KeptIntegration) => {
      const { outboundNotificationWebhookSignatureSecretToken: _, ...rest } = integration;
      return this.showsSecret ? integration : { ...rest, selfUri: `${PATH}/${integration.id}` };
    };
    const time = () => new Date(this.#now()).toISOString();
    server.register(async (routes) => {
      routes.addHook("preHandler", async (request) => {
        const verb = { GET: "view", POST: "add", PATCH: "edit", DELETE: "delete" }[request.method] ?? "edit";
        oauth.admit(request, `messaging:integration:${verb}`);
      });
      routes.get<{ Querystring: PageQuery }>(PATH, ({ query }) =>
        numberedPage(PATH, this.kept.all.map(shown), query),
      );
      routes.post(PATH, ({ body }) => {
        const at = time();
        const given = validate(creation, body);
        const rest = {
          status: "Active",
          createStatus: "Completed",
          dateCreated: at,
          dateModified: at,
        } as const;
        return shown(this.kept.add({ ...given, ...rest }));
      });
      routes.get<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }) => shown(this.kept.get(params.id)));
      routes.patch<{ Params: { id: string } }>(`${PATH}/:id`, ({ params: { id }, body }) => {
        const given = defined(validate(change, body));
        return shown(this.kept.replace(id, { ...this.kept.get(id), ...given, dateModified: time() }));
      });
      routes.delete<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }, reply) => {
        this.kept.delete(params.id);
        return reply.code(200).send();
      });
    });
  }
}

/** An object without its absent fields. */
function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
