import http, { type IncomingHttpHeaders, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";

interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the destination does with a request. */
export type Script =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
    }
  /** Says nothing, and keeps the connection. */
  | "hang"
  /** Closes the connection without a word. */
  | "reset"
  /** A status, half a body, and then nothing. */
  | { readonly halfAnswer: number; readonly end: "reset" | "hang" };

export interface TestDestination {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** What to do from now on; it starts with 200. */
  answer: (request: ReceivedRequest) => Script | Promise<Script>;
  /** Resolves when the client has gone away without an answer, or before its end. */
  abandoned(): Promise<void>;
  reset(): void;
  stop(): Promise<void>;
}

/** A real HTTP or HTTPS server on the loopback, with scripted answers. */
export async function startDestination(tls?: { key: string; cert: string }): Promise<TestDestination> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let leave: (() => void) | undefined;
  const listener: http.RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url: path = "", headers } = incoming;
      const request = { method, path, headers, body: Buffer.concat(chunks) };
      destination.requests.push(request);
      response.on("close", () => {
        if (!response.writableFinished) leave?.();
      });
      Promise.resolve(destination.answer(request)).then((script) => play(response, script));
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const destination: TestDestination = {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/crm`,
    port,
    requests: [],
    connections: () => connections,
    answer: () => ({ status: 200 }),
    abandoned: () =>
      new Promise((resolve) => {
        leave = resolve;
      }),
    reset() {
      destination.requests.length = 0;
      destination.answer = () => ({ status: 200 });
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return destination;
}

function play(response: ServerResponse, script: Script): void {
  if (script === "hang") return;
  if (script === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if ("halfAnswer" in script) {
    response.writeHead(script.halfAnswer, { "content-length": "1000" });
    response.write("half", () => {
      if (script.end === "reset") response.socket?.resetAndDestroy();
    });
    return;
  }
  if (script.status < 200) {
    response.socket?.end(`HTTP/1.1 ${script.status} Interim\r\n\r\n`);
    return;
  }
  response.writeHead(script.status, script.headers).end(script.body);
}
