import http from "node:http";
import type { AddressInfo } from "node:net";

export interface LambdaApi {
  readonly endpoint: string;
  /** The event source mapping's state, as Lambda names it; a test may set it. */
  state: string;
  /** Whether Lambda refuses a change because it is still busy with the last one. */
  busy: boolean;
  /** Every change and every asynchronous invocation, in order. */
  readonly calls: string[];
  stop(): Promise<void>;
}

/** The part of Lambda's API that turns an event source mapping and takes asynchronous invocations. */
export async function startLambdaApi(): Promise<LambdaApi> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { status, body } = answer(
        request.method ?? "",
        request.url ?? "",
        Buffer.concat(chunks).toString(),
      );
      response.writeHead(status, {
        "content-type": "application/json",
        ...(status === 400 ? { "x-amzn-errortype": "ResourceInUseException" } : {}),
      });
      response.end(JSON.stringify(body));
    });
  });
  function answer(method: string, url: string, body: string): { status: number; body: object } {
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(url)?.[1];
    if (invoked !== undefined) {
      api.calls.push(`invoke ${invoked}`);
      return { status: 202, body: {} };
    }
    const uuid = /^\/2015-03-31\/event-source-mappings\/([^/]+)/.exec(url)?.[1];
    if (method === "PUT") {
      if (api.busy) return { status: 400, body: { message: "busy" } };
      const { Enabled: enabled } = JSON.parse(body) as { Enabled: boolean };
      api.calls.push(`${enabled ? "enable" : "disable"} ${uuid}`);
      api.state = enabled ? "Enabled" : "Disabled";
    }
    return { status: 200, body: { UUID: uuid, State: api.state } };
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api: LambdaApi = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: "Enabled",
    busy: false,
    calls: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}
