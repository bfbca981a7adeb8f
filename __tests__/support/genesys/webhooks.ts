import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { notFound } from "./answers.ts";
import { Kept } from "./kept.ts";
import type { OAuth } from "./oauth.ts";
import { numberedPage, type PageQuery } from "./paging.ts";
import { outboundUrl, validate } from "./validate.ts";

/** The body of the tutorial's `POST /api/v2/webhooks`. */
const body = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  enabled: z.boolean(),
  eventTypes: z.array(z.string().min(1)).min(1),
  filters: z.array(z.unknown()),
  endpointUrl: outboundUrl,
  httpMethod: z.literal("POST"),
  requestType: z.literal("JSON"),
  retryCount: z.int().min(0).max(10),
  retryInterval: z.int().min(1),
  timeout: z.int().min(1),
  secret: z.string().min(1).optional(),
});

export type KeptWebhook = z.output<typeof body> & { readonly id: string };

const PATH = "/api/v2/webhooks";

/**
 * The tutorial's webhooks. The real platform has none: with `exist` false every call is a 404, as it is there.
 */
export class Webhooks {
  readonly kept: Kept<KeptWebhook>;
  exist = true;

  constructor(uniqueNames: () => boolean) {
    this.kept = new Kept(uniqueNames);
  }

  install(server: FastifyInstance, oauth: OAuth): void {
    server.register(async (routes) => {
      routes.addHook("preHandler", async (request) => {
        oauth.admit(request, request.method === "GET" ? "webhook:read" : "webhook:write");
        if (!this.exist) throw notFound();
      });
      routes.get<{ Querystring: PageQuery }>(PATH, ({ query }) =>
        numberedPage(PATH, this.kept.all.map(shown), query),
      );
      routes.post(PATH, (request) => shown(this.kept.add(validate(body, request.body))));
      routes.get<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }) => shown(this.kept.get(params.id)));
      routes.put<{ Params: { id: string } }>(`${PATH}/:id`, ({ params: { id }, body: given }) => {
        const { secret } = this.kept.get(id);
        return shown(this.kept.replace(id, { id, ...(secret ? { secret } : {}), ...validate(body, given) }));
      });
      routes.delete<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }, reply) => {
        this.kept.delete(params.id);
        return reply.code(204).send();
      });
    });
  }
}

/** The secret is written and never read. */
function shown({ secret: _, ...rest }: KeptWebhook) {
  return rest;
}
