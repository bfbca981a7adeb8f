import type { FastifyInstance } from "fastify";

/** What goes wrong with a request. */
export type Fault =
  /** Answered so, and nothing done. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
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
  private expected: Expected[] = [];

  /**
   * The next `times` requests whose `METHOD /path?query` matches meet the fault.
   */
  plan(request: RegExp, fault: Fault, times = 1): void {
    this.expected.push({ request, fault, left: times });
  }

  clear(): void {
    this.expected = [];
  }

  install(server: FastifyInstance): void {
    const answersToLose = new WeakMap<object, "answer-hangs" | "answer-reset">();
    const held = new WeakMap<object, Promise<void>>();
    server.addHook("onRequest", async (request, reply) => {
      const fault = this.take(`${request.method} ${request.url}`);
      if (fault === undefined) return;
      if (fault === "answer-hangs" || fault === "answer-reset") answersToLose.set(request, fault);
      else if (fault === "hang") await new Promise<never>(() => {});
      else if (fault === "reset") {
        request.raw.socket.resetAndDestroy();
        reply.hijack();
      } else if ("heldUntil" in fault) held.set(request, fault.heldUntil);
      else {
        // Without a body of its own it is what a gateway in front of the platform would say.
        reply
          .code(fault.status)
          .headers({ "content-type": "text/html", ...fault.headers })
          .send(fault.body ?? `<html>${fault.status}</html>`);
      }
    });
    // Not before its body has been read: it has to be whole when its client is gone.
    server.addHook("preHandler", async (request) => held.get(request));
    server.addHook("onSend", async (request) => {
      const how = answersToLose.get(request);
      if (how === "answer-reset") request.raw.socket.resetAndDestroy();
      if (how !== undefined) await new Promise<never>(() => {});
    });
  }

  private take(request: string): Fault | undefined {
    const found = this.expected.find((each) => each.left > 0 && each.request.test(request));
    if (found) found.left--;
    return found?.fault;
  }
}
