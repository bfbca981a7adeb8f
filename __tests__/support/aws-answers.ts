import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { defined } from "../../contract/defined.ts";

export interface AwsAnswer {
  readonly status?: number;
  /** An object, or XML as S3 speaks it. */
  readonly body: object | string;
  /** The error's type, as JSON services name it in a header. */
  readonly error?: string;
}

export interface AwsAnswers {
  readonly endpoint: string;
  /** Every call so far: `SendMessage`, or method and path. */
  readonly calls: { readonly action: string; readonly input: Record<string, unknown> }[];
  stop(): Promise<void>;
}

/** A server that speaks AWS's JSON protocols and answers as `answer` says; `undefined`: never. */
export async function startAwsAnswers(
  answer: (action: string, input: Record<string, unknown>) => AwsAnswer | undefined,
): Promise<AwsAnswers> {
  const calls: AwsAnswers["calls"] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const action = actionOf(request);
      const input = (sent.startsWith("{") ? JSON.parse(sent) : {}) as Record<string, unknown>; // STS has forms
      calls.push({ action, input });
      const given = answer(action, input);
      if (given === undefined) return;
      const { status = given.error === undefined ? 200 : 400, body, error } = given;
      response.writeHead(status, {
        "content-type": typeof body === "string" ? "application/xml" : "application/x-amz-json-1.0",
        "x-amzn-requestid": "request-1",
        ...defined({ "x-amzn-errortype": error }),
      });
      if (typeof body === "string") response.end(body);
      else response.end(JSON.stringify(error === undefined ? body : { __type: error, ...body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What S3 says of objects with these keys. */
export function listed(...keys: readonly string[]): AwsAnswer {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
  return { body: `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>` };
}

/** `AmazonSQS.SendMessage` → `SendMessage` */
function actionOf({ headers, method, url }: IncomingMessage): string {
  const target = headers["x-amz-target"];
  return typeof target === "string" ? target.slice(target.indexOf(".") + 1) : `${method} ${url}`;
}
