import type { IncomingMessage, ServerResponse } from "node:http";
import fastify, { type FastifyReply } from "fastify";
import type { Environment } from "../../cli/environment/environment.ts";
import { logsOf } from "../../cli/events/logs-of.ts";
import { UsageError } from "../../contract/command-error.ts";
import type { Calls, ErrorInfo } from "../api.ts";
import { Activities } from "./activities.ts";
import { buildAssets } from "./assets.ts";
import { answersOf } from "./calls/index.ts";
import type { Changes } from "./changes.ts";
import { toErrorInfo } from "./error-info.ts";
import { EventFeed } from "./event-feed.ts";
import { inputs } from "./inputs.ts";
import { type Door, refusalOf, securityHeaders } from "./security.ts";
import { Snapshot } from "./snapshot.ts";

export interface App {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Interrupts what is under way, and waits until it has been seen to. */
  stop(): Promise<void>;
}

/** Bytes of a call; a filter is all that one carries. */
const MOST_BYTES = 64 * 1024;

/** What answers the page. Nothing is logged: an address, a header or a body would be in it. */
export async function createApp(environment: Environment, door: Door, changes: Changes): Promise<App> {
  const controller = new AbortController();
  const { signal } = controller;
  const snapshot = new Snapshot(environment, signal, () => changes.add("snapshot"));
  const activities = new Activities(signal, () => changes.add("activity"));
  const feed = new EventFeed(logsOf(environment), signal, () => changes.add("events"));
  const answers = answersOf({ environment, snapshot, feed, activities, signal });

  const app = fastify({ logger: false, bodyLimit: MOST_BYTES, routerOptions: { caseSensitive: true } });
  app.removeContentTypeParser("text/plain");
  app.addHook("onRequest", async ({ method, url, headers }, reply) => {
    reply.headers(securityHeaders);
    const refusal = refusalOf({ method, path: url.replace(/[?#].*$/, ""), headers }, door);
    if (refusal !== undefined) await refuse(reply, refusal.status, { message: refusal.message, remedy: "" });
  });
  app.setNotFoundHandler((_, reply) => refuse(reply, 404, { message: "There is no such page.", remedy: "" }));
  app.setErrorHandler((error, _, reply) => {
    const { statusCode } = error as { statusCode?: number }; // fastify's own: a body that is no JSON, or too big
    const status = error instanceof UsageError ? 400 : (statusCode ?? 502);
    const info =
      statusCode === undefined ? toErrorInfo(error) : { message: (error as Error).message, remedy: "" };
    return refuse(reply, status, info);
  });

  for (const [path, { type, body }] of await buildAssets()) {
    app.get(path, (_, reply) => reply.type(type).send(body));
  }
  for (const name of Object.keys(answers) as (keyof Calls)[]) {
    const answer = answers[name] as (input: unknown) => unknown;
    app.post(`/api/${name}`, async ({ body }) => {
      const input = inputs[name].safeParse(body);
      if (!input.success)
        throw new UsageError("The page has asked for something that there is not.", "Load it anew.");
      return (await answer(input.data)) ?? {};
    });
  }
  app.post("/api/changes", (_, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...securityHeaders, "content-type": "text/plain; charset=utf-8" });
    raw.flushHeaders();
    const off = changes.on((change) => raw.write(`${change}\n`));
    raw.on("close", off).on("error", off);
    signal.addEventListener("abort", () => raw.end(), { once: true });
  });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    async stop() {
      controller.abort(new Error("The console was stopped."));
      await Promise.all([snapshot.atRest(), feed.atRest(), activities.atRest()]);
      await app.close();
    },
  };
}

function refuse(reply: FastifyReply, status: number, error: ErrorInfo): FastifyReply {
  return reply.code(status).send({ error });
}
