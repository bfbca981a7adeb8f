import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The one address of the AWS services: hands each call to the service that its signature names. A service
 * that is not there (not yet, or being restarted) drops the connection, as one that is down would.
 */
export class CloudFront {
  public readonly url: string;
  private readonly server: Server;
  private readonly services: Map<string, RequestListener>;
  private readonly underWay: Map<ServerResponse, string>;

  private constructor(
    server: Server,
    services: Map<string, RequestListener>,
    underWay: Map<ServerResponse, string>,
  ) {
    this.server = server;
    this.services = services;
    this.underWay = underWay;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<CloudFront> {
    const services = new Map<string, RequestListener>();
    const underWay = new Map<ServerResponse, string>();
    const server = createServer((request, response) => {
      const name = serviceOf(request.headers) ?? "";
      const service = services.get(name);
      if (!service) return void request.socket.destroy();
      underWay.set(response, name);
      response.once("close", () => underWay.delete(response));
      service(request, response);
    });
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return new CloudFront(server, services, underWay);
  }

  /**
   * From now on, calls to `service` (`sqs`, as signatures spell it) go to `listener`. Without one they go
   * nowhere, and what the service was about to answer is cut off.
   */
  serve(service: string, listener: RequestListener | undefined): void {
    if (listener) this.services.set(service, listener);
    else this.services.delete(service);
    if (listener) return;
    for (const [response, name] of this.underWay) if (name === service) response.destroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

/** A function's connections outlive its pauses, as they do on AWS: Node's own 5 s are a race with each call. */
const KEEP_ALIVE_MILLISECONDS = 60_000;

/** `… Credential=AKIA…/20261124/eu-west-1/sqs/aws4_request, …` → `sqs` */
function serviceOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /Credential=[^/\s]+\/\d{8}\/[^/\s]+\/([a-z0-9-]+)\/aws4_request/.exec(authorization ?? "")?.[1];
}
