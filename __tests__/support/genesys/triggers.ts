import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ApiError } from "./answers.ts";
import { Kept } from "./kept.ts";
import type { OAuth } from "./oauth.ts";
import { cursorPage, type PageQuery } from "./paging.ts";
import { validate } from "./validate.ts";

const criterion = z.strictObject({
  jsonPath: z.string().min(1),
  operator: z.enum([
    "GreaterThanOrEqual",
    "LessThanOrEqual",
    "Equal",
    "NotEqual",
    "LessThan",
    "GreaterThan",
    "NotIn",
    "In",
    "Contains",
    "All",
    "Exists",
    "Size",
  ]),
  value: z.unknown().optional(),
  values: z.array(z.unknown()).optional(),
});
const creation = z.strictObject({
  name: z.string().min(1).max(256),
  topicName: z.string().min(1).max(256),
  target: z.strictObject({
    type: z.literal("Workflow"),
    id: z.string().min(1),
    workflowTargetSettings: z.strictObject({ dataFormat: z.enum(["Json", "TopLevelPrimitives"]) }).optional(),
  }),
  matchCriteria: z.array(criterion),
  enabled: z.boolean(),
  description: z.string().max(512).optional(),
  eventTTLSeconds: z.int().min(10).optional(),
  delayBySeconds: z.int().min(60).max(900).optional(),
});
const change = creation.extend({ version: z.int() });

export type KeptTrigger = z.output<typeof creation> & { readonly id: string; readonly version: number };

const PATH = "/api/v2/processautomation/triggers";

/** Process automation triggers. */
export class Triggers {
  readonly kept: Kept<KeptTrigger>;

  constructor(uniqueNames: () => boolean) {
    this.kept = new Kept(uniqueNames);
  }

  install(server: FastifyInstance, oauth: OAuth): void {
    server.register(async (routes) => {
      routes.addHook("preHandler", async (request) => {
        const verb = { GET: "view", POST: "add", PUT: "edit", DELETE: "delete" }[request.method] ?? "edit";
        oauth.admit(request, `processautomation:trigger:${verb}`);
      });
      routes.get<{ Querystring: PageQuery }>(PATH, ({ query }) => cursorPage(PATH, this.kept.all, query));
      routes.post(PATH, ({ body }) => this.kept.add({ ...validate(creation, body), version: 1 }));
      routes.get<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }) => this.kept.get(params.id));
      routes.put<{ Params: { id: string } }>(`${PATH}/:id`, ({ params: { id }, body }) => {
        const given = validate(change, body);
        const before = this.kept.get(id);
        if (given.topicName !== before.topicName) {
          throw new ApiError(400, "invalid.request", "The topic of a trigger cannot be changed.");
        }
        if (given.version !== before.version) {
          throw new ApiError(409, "general.conflict", `The version does not match: ${before.version}`);
        }
        return this.kept.replace(id, { ...given, id, version: given.version + 1 });
      });
      routes.delete<{ Params: { id: string } }>(`${PATH}/:id`, ({ params }, reply) => {
        this.kept.delete(params.id);
        return reply.code(204).send();
      });
    });
  }
}
