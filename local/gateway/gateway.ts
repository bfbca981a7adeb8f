import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { CorsModel, RouteModel } from "../stack/model.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { type GatewayRequest, toEvent } from "./event.ts";
import { type GatewayResponse, message, toResponse } from "./response.ts";
import { type Match, matchRoute } from "./routes.ts";

export interface Api {
  readonly routes: readonly RouteModel[];
  readonly cors?: CorsModel | undefined;
  readonly account: string;
  /** After every request; `milliseconds` is the function's part, where one was asked. */
  readonly onAnswer?: (status: number, milliseconds: number | undefined) => void;
}

/** @param call what the gateway's permission to invoke is evaluated with: `POST /webhook` */
export type Invoke = (
  functionArn: string,
  event: unknown,
  call: { readonly method: string; readonly path: string },
) => Promise<InvocationResult>;

/** Bytes that API Gateway takes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Bytes of a request's line and headers that it takes. */
const MAX_HEADER_BYTES = 10_240;
/** Bytes of an event that Lambda takes in one synchronous invocation. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** An HTTP API: matches routes, answers preflights, hands requests to functions and their answers back. */
export class Gateway {
  readonly #server: FastifyInstance;
  #api: Api = { routes: [], account: "" };
  #stopping = false;
  #invoke: Invoke = () => Promise.reject(new Error("The gateway is not open yet."));

  private constructor() {
    this.#server = fastify({
      bodyLimit: MAX_BODY_BYTES,
      forceCloseConnections: "idle",
      exposeHeadRoutes: false,
      http: { maxHeaderSize: 4 * MAX_HEADER_BYTES }, // so that the answer is the gateway's own
    });
    // Before fastify reads what a type says: one that is no type at all is a request like any other.
    this.#server.addHook("onRequest", (request, _reply, done) => {
      request.raw.headers["content-type"] = "application/octet-stream";
      done();
    });
    // Bytes are nobody's business here, whatever their type says.
    this.#server.removeAllContentTypeParsers();
    this.#server.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    this.#server.setErrorHandler((error: { statusCode?: number }, _, reply) => {
      const tooLarge = error.statusCode === 413;
      return send(reply, tooLarge ? message(413, "Request Entity Too Large") : message(400, "Bad Request"));
    });
    // A client that keeps its connection for more would keep the gateway from its end.
    this.#server.addHook("onSend", (_request, reply, _payload, done) => {
      if (this.#stopping) reply.header("connection", "close");
      done();
    });
    // One route for everything: API Gateway's rules are not fastify's.
    const handle = (request: FastifyRequest, reply: FastifyReply) => this.#handle(request, reply);
    this.#server.all("*", handle);
    this.#server.setNotFoundHandler(handle);
  }

  /**
   * Takes its port, so that the API has an address; requests are answered once it is open.
   *
   * @throws {Error} where somebody else has the port
   */
  static async listen(port: number): Promise<Gateway> {
    const gateway = new Gateway();
    await gateway.#server.listen({ host: "127.0.0.1", port }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new Error(`Port ${port} is taken. Choose another one with --port.`, { cause: error });
    });
    return gateway;
  }

  get url(): string {
    const address = this.#server.server.address();
    if (address === null || typeof address === "string") throw new Error("The gateway does not listen.");
    return `http://127.0.0.1:${address.port}`;
  }

  open(api: Api, invoke: Invoke): void {
    this.#api = api;
    this.#invoke = invoke;
  }

  /** Takes no more requests, and answers those that it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#server.close();
  }

  async #handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { cors, routes, onAnswer } = this.#api;
    if (headerBytes(request.raw) > MAX_HEADER_BYTES) {
      return send(reply, message(431, "Request Header Fields Too Large"));
    }
    if (cors && request.method === "OPTIONS") {
      return send(reply, {
        status: 204,
        headers: preflightHeaders(cors, request.headers),
        body: Buffer.alloc(0),
      });
    }
    const path = request.raw.url?.split("?")[0] ?? "/";
    const match = matchRoute(routes, request.method, path);
    const startedAt = performance.now();
    const response = match ? await this.#integrate(match, request) : message(404, "Not Found");
    onAnswer?.(response.status, match ? performance.now() - startedAt : undefined);
    if (!cors) return send(reply, response);
    return send(reply, {
      ...response,
      headers: { ...response.headers, ...corsHeaders(cors, request.headers) },
    });
  }

  async #integrate(match: Match, request: FastifyRequest): Promise<GatewayResponse> {
    const event = toEvent(toGatewayRequest(request), match, {
      apiId: "local",
      account: this.#api.account,
      requestId: randomUUID(),
      at: new Date(),
    });
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) {
      return message(413, "Request Entity Too Large");
    }
    const call = { method: request.method, path: request.raw.url?.split("?")[0] ?? "/" };
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<GatewayResponse>((resolve) => {
      const late = () => resolve(message(503, "Service Unavailable"));
      timer = setTimeout(late, match.route.timeoutMilliseconds);
    });
    try {
      return await Promise.race([
        this.#invoke(match.route.functionArn, event, call).then(toResponse),
        timeUp,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: line and headers together. */
function headerBytes({ method = "", url = "", rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce(
    (all, text) => all + Buffer.byteLength(text),
    method.length + Buffer.byteLength(url),
  );
}

function toGatewayRequest(request: FastifyRequest): GatewayRequest {
  return {
    method: request.method,
    url: request.raw.url ?? "/",
    rawHeaders: request.raw.rawHeaders,
    sourceIp: request.ip,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

function send(reply: FastifyReply, { status, headers, body }: GatewayResponse): FastifyReply {
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  return reply.code(status).send(status === 204 ? undefined : body);
}
