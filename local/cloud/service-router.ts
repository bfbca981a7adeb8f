import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { refuse, strangeRequest } from "../own-callers.ts";
import { namesInBody, type ServiceCall } from "../permissions/call-of.ts";
import { denied, unknownCaller } from "../permissions/denied.ts";
import { notHere } from "./not-here.ts";
import { replay } from "./replay.ts";

/** Decides on calls before they reach a service. */
export interface Authorizer {
  /** Whether calls under this access key are evaluated at all. */
  authorizes(accessKey: string): boolean;
  /** Why a call is denied, in AWS's words; nothing where it may go on. */
  denial(accessKey: string, call: ServiceCall): string | undefined;
  /** Whether the caller may know that an object is missing; S3 says "forbidden" to others. */
  mayTellMissing(accessKey: string, objectArn: string): boolean;
}

/**
 * The one address of the AWS services: hands each call to the service that its signature names. A service
 * that is being restarted drops the connection, as one that is down would; one that the run does not have says so.
 *
 * It answers programs of its own user alone: no page, no other host's name, and nobody without an access key of
 * this run.
 */
export class ServiceRouter {
  readonly url: string;
  readonly #host: string;
  readonly #operatorKey: string;
  readonly #server: Server;
  readonly #services = new Map<string, RequestListener>();
  /** Those that are there, or were once. */
  readonly #known = new Set<string>();
  readonly #underWay = new Map<ServerResponse, string>();
  #authorizer: Authorizer | undefined;

  private constructor(server: Server, operatorKey: string) {
    this.#server = server;
    this.#operatorKey = operatorKey;
    this.#host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.url = `http://${this.#host}`;
  }

  /** @param operatorKey the access key under which everything may be done */
  static async start(operatorKey: string): Promise<ServiceRouter> {
    const server = createServer();
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    const router = new ServiceRouter(server, operatorKey);
    server.on("request", (request, response) => {
      void router.#take(request, response).catch(() => request.socket.destroy());
    });
    return router;
  }

  /**
   * From now on, calls to `service` (`sqs`, as signatures spell it) go to `listener`. Without one they go
   * nowhere, and what the service was about to answer is cut off.
   */
  serve(service: string, listener: RequestListener | undefined): void {
    this.#known.add(service);
    if (listener) this.#services.set(service, listener);
    else this.#services.delete(service);
    if (listener) return;
    for (const [response, name] of this.#underWay) if (name === service) response.destroy();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const strange = strangeRequest(request.headers, this.#host);
    if (strange !== undefined) return refuse(response, strange);
    const { accessKey, service } = signatureOf(request.headers);
    const authorizer = this.#authorizer?.authorizes(accessKey) ? this.#authorizer : undefined;
    if (!authorizer && accessKey !== this.#operatorKey) return unknownCaller(service, response);
    if (!this.#services.has(service)) {
      if (!this.#known.has(service)) return notHere(service, request, response);
      return void request.socket.destroy();
    }
    this.#underWay.set(response, service);
    response.once("close", () => this.#underWay.delete(response));
    if (!authorizer) return this.#services.get(service)?.(request, response);

    const { method = "", url = "", headers } = request;
    const body = namesInBody(service, method) ? await buffer(request) : undefined;
    const denial = authorizer.denial(accessKey, { service, method, url, headers, body: body ?? NOTHING });
    if (denial !== undefined) return denied(service, response, denial);
    if (service === "s3" && method === "GET") {
      const objectArn = `arn:aws:s3:::${decodeURIComponent(url.split("?")[0] ?? "").slice(1)}`;
      const mayTell = () => authorizer.mayTellMissing(accessKey, objectArn);
      hideMissing(response, mayTell, () => denied(service, response, "Access Denied"));
    }
    const listener = this.#services.get(service); // it may have been stopped in the meantime
    if (!listener) return void request.socket.destroy();
    listener(body === undefined ? request : replay(request, body), response);
  }

  /** From now on, `authorizer` is asked about each call. */
  guard(authorizer: Authorizer): void {
    this.#authorizer = authorizer;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

const NOTHING = Buffer.alloc(0);

/** Turns "missing" into "forbidden" for a caller that may not know. */
function hideMissing(response: ServerResponse, mayTell: () => boolean, deny: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.writeHead = writeHead;
    if (args[0] !== 404 || mayTell()) return writeHead(...args);
    deny();
    response.end = () => response; // what the service has to say is not for this caller
    return response;
  };
}

/** A function's connections outlive its pauses, as they do on AWS: Node's own 5 s are a race with each call. */
const KEEP_ALIVE_MILLISECONDS = 60_000;

/** `… Credential=AKIA…/20261124/eu-west-1/sqs/aws4_request, …` → `AKIA…` and `sqs` */
function signatureOf({ authorization }: IncomingHttpHeaders): { accessKey: string; service: string } {
  const pattern = /Credential=([^/\s]+)\/\d{8}\/[^/\s]+\/([a-z0-9-]+)\/aws4_request/;
  const [, accessKey = "", service = ""] = pattern.exec(authorization ?? "") ?? [];
  return { accessKey, service };
}
