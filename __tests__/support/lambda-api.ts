import http from "node:http";
import type { AddressInfo } from "node:net";

/** What an invocation of recovery names, where it names no alias. */
export const RECOVERY_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:recovery";

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly failed?: boolean;
}

export interface LambdaApi {
  readonly endpoint: string;
  /** The event source mapping's state, as Lambda names it; a test may set it. */
  state: string;
  /** Who made the last change of it; a test may set it. */
  reason: string;
  /** What a function that is waited for answers; what it throws is its failure. */
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Whether Lambda refuses a change because it is still busy with the last one. */
  busy: boolean;
  /** Every change and every invocation, in order. */
  readonly calls: string[];
  stop(): Promise<void>;
}

/** The part of Lambda's API that turns an event source mapping and takes invocations. */
export async function startLambdaApi(): Promise<LambdaApi> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const answering =
        request.url?.endsWith("/invocations") && request.headers["x-amz-invocation-type"] !== "Event"
          ? invoke(request.url ?? "", text)
          : Promise.resolve(answer(request.method ?? "", request.url ?? "", text));
      void answering.then(({ status, body, failed }: Answer) => {
        response.writeHead(status, {
          "content-type": "application/json",
          ...(status === 400 ? { "x-amzn-errortype": "ResourceInUseException" } : {}),
          ...(failed ? { "x-amz-function-error": "Unhandled" } : {}),
        });
        response.end(JSON.stringify(body));
      });
    });
  });
  async function invoke(url: string, text: string): Promise<Answer> {
    const name = /functions\/([^/]+)\//.exec(url)?.[1] ?? "";
    api.calls.push(`invoke ${name}`);
    try {
      return { status: 200, body: (await api.invoke(name, JSON.parse(text))) as object };
    } catch (error) {
      return { status: 200, body: { errorMessage: String(error) }, failed: true };
    }
  }
  function answer(method: string, url: string, body: string): Answer {
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
    return { status: 200, body: { UUID: uuid, State: api.state, StateTransitionReason: api.reason } };
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api: LambdaApi = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: "Enabled",
    reason: "USER_INITIATED",
    invoke: () => Promise.resolve({ batchItemFailures: [] }),
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
