import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Or what to answer to who has told so much: authorization and body. */
  readonly body?: string | ((told: string) => string);
}

/** What goes wrong with a request. */
export type Fault =
  /** Answered so, and nothing done. */
  | Answered
  /** Nothing done, and no answer. */
  | "hang"
  /** Nothing done, and the connection is reset. */
  | "reset"
  /** Done, but the answer never arrives. */
  | "answer-hangs"
  | "answer-reset"
  /** Done once the promise resolves, which may be long after the client has given up. */
  | { readonly heldUntil: Promise<void> };

interface Expected {
  readonly request: RegExp;
  readonly fault: Fault;
  left: number;
}

/** Faults on demand. */
export class Faults {
  #expected: Expected[] = [];

  /**
   * The next `times` requests whose `METHOD /path?query` matches meet the fault.
   */
  plan(request: RegExp, fault: Fault, times = 1): void {
    this.#expected.push({ request, fault, left: times });
  }

  clear(): void {
    this.#expected = [];
  }

  install(server: FastifyInstance): void {
    const answersToLose = new WeakMap<object, "answer-hangs" | "answer-reset">();
    const whenRead = new WeakMap<object, Fault>();
    server.addHook("onRequest", async (request, reply) => {
      const fault = this.#take(`${request.method} ${request.url}`);
      if (fault === undefined) return;
      if (fault === "answer-hangs" || fault === "answer-reset") answersToLose.set(request, fault);
      else if (fault === "hang") await new Promise<never>(() => {});
      else if (fault === "reset") {
        request.raw.socket.resetAndDestroy();
        reply.hijack();
      } else if ("heldUntil" in fault || typeof fault.body === "function") whenRead.set(request, fault);
      else answer(fault, fault.body, reply);
    });
    // What is held has to be whole when its client is gone, and what is repeated has to have been read.
    server.addHook("preHandler", async (request, reply) => {
      const fault = whenRead.get(request);
      if (typeof fault !== "object") return;
      if ("heldUntil" in fault) await fault.heldUntil;
      else if (typeof fault.body === "function") answer(fault, fault.body(toldBy(request)), reply);
    });
    server.addHook("onSend", async (request) => {
      const how = answersToLose.get(request);
      if (how === "answer-reset") request.raw.socket.resetAndDestroy();
      if (how !== undefined) await new Promise<never>(() => {});
    });
  }

  #take(request: string): Fault | undefined {
    const found = this.#expected.find((each) => each.left > 0 && each.request.test(request));
    if (found) found.left--;
    return found?.fault;
  }
}

function answer({ status, headers }: Answered, body: string | undefined, reply: FastifyReply): void {
  // Without a body of its own it is what a gateway in front of the platform would say.
  reply
    .code(status)
    .headers({ "content-type": "text/html", ...headers })
    .send(body ?? `<html>${status}</html>`);
}

function toldBy({ headers, body }: FastifyRequest): string {
  const { authorization = "" } = headers;
  const basic = /^Basic (.*)$/.exec(authorization)?.[1] ?? "";
  const sent = body instanceof URLSearchParams ? body.toString() : JSON.stringify(body ?? "");
  return [authorization, Buffer.from(basic, "base64").toString(), sent].join(" ");
}
