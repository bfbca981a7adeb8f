import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ApiError } from "./answers.ts";
import { Kept } from "./kept.ts";
import type { OAuth } from "./oauth.ts";
import { numberedPage, type PageQuery } from "./paging.ts";
import { validate } from "./validate.ts";

const TYPE = "amazon-eventbridge-source";

const creation = z.strictObject({
  name: z.string().min(1).optional(),
  integrationType: z.strictObject({ id: z.string().min(1) }),
});
const change = z.strictObject({ intendedState: z.enum(["ENABLED", "DISABLED", "DELETED"]) });
const configuration = z.strictObject({
  name: z.string().min(1),
  version: z.int(),
  notes: z.string(),
  properties: z.record(z.string(), z.unknown()),
  advanced: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.unknown()),
});
/** What an EventBridge source needs before it can be enabled. */
const eventBridgeProperties = z.strictObject({
  awsAccountId: z.string().regex(/^\d{12}$/, "must be 12 digits"),
  awsAccountRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region"),
  eventSourceSuffix: z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/, "must be letters, digits, dots and dashes"),
  eventFilter: z.array(z.string()).min(1),
});

export interface KeptEventBridge {
  readonly id: string;
  readonly name: string;
  readonly integrationType: { readonly id: string };
  readonly intendedState: "ENABLED" | "DISABLED" | "DELETED";
  readonly config: z.output<typeof configuration>;
}

const PATH = "/api/v2/integrations";

/** Integrations and their configuration, which has a version: a change names the one that it is made to. */
export class Integrations {
  readonly kept: Kept<KeptEventBridge>;

  constructor(uniqueNames: () => boolean) {
    this.kept = new Kept(uniqueNames);
  }

  install(server: FastifyInstance, oauth: OAuth): void {
    server.register(async (routes) => {
      routes.addHook("preHandler", async (request) => {
        const verb = { GET: "view", POST: "add", DELETE: "delete" }[request.method] ?? "edit";
        oauth.admit(request, `integrations:integration:${verb}`);
      });
      routes.get<{ Querystring: PageQuery & { expand?: string } }>(PATH, ({ query }) => {
        const expanded = query.expand === "config.current";
        return numberedPage(
          PATH,
          this.kept.all.map(({ config, ...rest }) => ({
            ...rest,
            ...(expanded ? { config: { current: config } } : {}),
          })),
          query,
        );
      });
      routes.post(PATH, ({ body }) => {
        const { name = "Amazon EventBridge Source", integrationType } = validate(creation, body);
        const { config: _, ...shown } = this.kept.add({
          name,
          integrationType,
          intendedState: "DISABLED",
          config: { name, version: 1, notes: "", properties: {}, advanced: {}, credentials: {} },
        });
        return shown;
      });
      routes.patch<{ Params: { id: string } }>(`${PATH}/:id`, ({ params: { id }, body }) => {
        const { intendedState } = validate(change, body);
        const before = this.kept.get(id);
        if (intendedState === "ENABLED" && before.integrationType.id === TYPE) {
          validate(eventBridgeProperties, before.config.properties);
        }
        const { config: _, ...shown } = this.kept.replace(id, { ...before, intendedState });
        return shown;
      });
      routes.get<{ Params: { id: string } }>(
        `${PATH}/:id/config/current`,
        ({ params }) => this.kept.get(params.id).config,
      );
      routes.put<{ Params: { id: string } }>(`${PATH}/:id/config/current`, ({ params: { id }, body }) => {
        const given = validate(configuration, body);
        const before = this.kept.get(id);
        if (before.integrationType.id === TYPE) validate(eventBridgeProperties, given.properties);
        if (given.version !== before.config.version) {
          throw new ApiError(409, "general.conflict", `The version does not match: ${before.config.version}`);
        }
        const config = { ...given, version: given.version + 1 };
        return this.kept.replace(id, { ...before, name: given.name, config }).config;
      });
      routes.delete<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }, reply) => {
        this.kept.delete(params.id);
        return reply.code(204).send();
      });
    });
  }
}
