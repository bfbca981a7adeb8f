import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import dynalite from "dynalite";
import type { Emulator } from "./emulator.ts";

/** What dynalite reads of a request. */
interface ForwardedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface ApiResponse {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  readonly body: string | undefined;
}

/**
 * DynamoDB: dynalite, its tables kept in a folder. What has expired is deleted late (`expiry.ts`); whoever
 * reads looks at the time, as DynamoDB's own late deletion demands.
 *
 * dynalite throws, out of reach of any `catch`, where a caller goes away in the middle of a request or where
 * its data is closed under one. So it never sees a socket: it is handed whole requests, and all of them have
 * their answers before the data is closed.
 */
export async function openTables(dataDirectory: string): Promise<Emulator> {
  const server = dynalite({ path: dataDirectory, createTableMs: 0 });
  const [handle] = server.listeners("request") as [RequestListener];
  const underWay = new Set<Promise<unknown>>();
  // It closes its data only as a server that has listened. Here nobody can call it: it knows no caller from another.
  const nowhere = await mkdtemp(join(tmpdir(), "genesys-local-"));
  await once(server.listen(join(nowhere, "socket")), "listening");
  return {
    queues: () => [],
    listener(request, response) {
      const answered = serve(handle, request, response).catch(() => response.destroy());
      underWay.add(answered);
      void answered.then(() => underWay.delete(answered));
    },
    async stop() {
      await Promise.all(underWay);
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
      await rm(nowhere, { recursive: true, force: true });
    },
  };
}

async function serve(
  handle: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url, headers } = request;
  const answer = await ask(handle, { method, url, headers, body: await text(request) });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** Asks dynalite with stand-ins for Node's request and response, of which it uses no more than this. */
function ask(handle: RequestListener, { body, ...rest }: ForwardedRequest): Promise<ApiResponse> {
  return new Promise((resolve) => {
    const request = Object.assign(Readable.from([Buffer.from(body)]), rest);
    const headers: Record<string, string | number> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: string | number) => (headers[name] = value),
      end: (said?: string) => resolve({ status: response.statusCode, headers, body: said }),
    };
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}
