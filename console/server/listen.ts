import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Environment } from "../../cli/environment/environment.ts";
import { UsageError } from "../../contract/command-error.ts";
import type { Change } from "../api.ts";
import type { App } from "./app.ts";
import { Changes } from "./changes.ts";
import { refusalOf } from "./security.ts";

export interface ConsoleOptions {
  /** Whose flow the page shows; looked up when it is opened. */
  readonly environment: () => Promise<Environment>;
  /** @default 0, any free one */
  readonly port?: number;
}

/** A console that listens. */
export interface Console {
  /** With the token, in the part that a browser sends nowhere. */
  readonly url: string;
  /** Has pages ask for something anew. */
  readonly changed: (change: Change) => void;
  /** Interrupts what is under way, as Ctrl-C does. */
  stop(): Promise<void>;
}

const TOKEN_BYTES = 32;

/**
 * Listens on loopback. All that makes up the page is loaded with the first request of a browser, so that a console that
 * nobody opens costs a socket.
 *
 * @throws {UsageError} where the port is taken
 */
export async function listenConsole({ environment, port: wanted = 0 }: ConsoleOptions): Promise<Console> {
  const changes = new Changes();
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  let app: Promise<App> | undefined;
  const open = async () => {
    const [{ createApp }, found] = await Promise.all([import("./app.ts"), environment()]);
    return createApp(found, { port, token }, changes);
  };
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const refusal = refusalOf({ method, path: url, headers }, { port, token });
    if (app === undefined && refusal !== undefined) {
      response.writeHead(refusal.status, { connection: "close" }).end();
      return;
    }
    app ??= open();
    app.then(
      ({ handle }) => handle(request, response),
      (error: Error) => {
        app = undefined; // the next request tries again
        response.writeHead(500, { "content-type": "text/plain" }).end(`${error.message}\n`);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? isTaken(wanted) : error);
    server.once("error", failed).listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    changed: (change) => changes.add(change),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await (await app?.catch(() => undefined))?.stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

function isTaken(port: number): UsageError {
  return new UsageError(
    `Port ${port} is taken.`,
    "Give another with --port, or none: any free one is taken.",
  );
}
