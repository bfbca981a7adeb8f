import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The one address of the AWS services: hands each call to the service that its signature names. A service
 * that is not there (not yet, or being restarted) drops the connection, as one that is down would.
 */
export class CloudFront {
  public readonly url: string;
  private readonly server: Server;
  private readonly services: Map<string, RequestListener>;

  private constructor(server: Server, services: Map<string, RequestListener>) {
    this.server = server;
    this.services = services;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<CloudFront> {
    const services = new Map<string, RequestListener>();
    const server = createServer((request, response) => {
      const service = services.get(serviceOf(request.headers) ?? "");
      if (service) service(request, response);
      else request.socket.destroy();
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return new CloudFront(server, services);
  }

  /** From now on, calls to `service` (`sqs`, as signatures spell it) go to `listener`; without one, nowhere. */
  serve(service: string, listener: RequestListener | undefined): void {
    if (listener) this.services.set(service, listener);
    else this.services.delete(service);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

/** `… Credential=AKIA…/20261124/eu-west-1/sqs/aws4_request, …` → `sqs` */
function serviceOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /Credential=[^/\s]+\/\d{8}\/[^/\s]+\/([a-z0-9-]+)\/aws4_request/.exec(authorization ?? "")?.[1];
}
