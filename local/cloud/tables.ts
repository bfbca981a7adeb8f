import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type {
  BatchStatementErrorCodeEnum,
  BatchStatementRequest,
  BatchStatementResponse,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import {
  duplicate,
  type Insertion,
  readInsertions,
  StatementError,
} from "../../contract/insert-statements.ts";
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
      const answered = serveTables(handle, request, response).catch(() => response.destroy());
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

/** Answers a request of DynamoDB's by dynalite, which knows no PartiQL: what inserts becomes a `PutItem` each. */
export async function serveTables(
  handle: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url, headers } = request;
  const forwarded = { method, url, headers, body: await text(request) };
  const isBatch = String(headers["x-amz-target"]).endsWith(".BatchExecuteStatement");
  const answer = await (isBatch ? insertAll(handle, forwarded) : ask(handle, forwarded));
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function insertAll(handle: RequestListener, request: ForwardedRequest): Promise<ApiResponse> {
  const { Statements } = JSON.parse(request.body) as { Statements?: BatchStatementRequest[] };
  try {
    const responses = await Promise.all(
      readInsertions(Statements).map((insertion) => insert(handle, request, insertion)),
    );
    return json(200, { Responses: responses });
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    return json(400, { __type: "com.amazon.coral.validate#ValidationException", message: error.message });
  }
}

/** Of each table the attribute that is its key: asked once. */
const keysOf = new WeakMap<RequestListener, Map<string, string>>();

async function insert(
  handle: RequestListener,
  request: ForwardedRequest,
  { table, item }: Insertion,
): Promise<BatchStatementResponse> {
  const call = (operation: string, input: object) =>
    ask(handle, {
      ...request,
      headers: { ...request.headers, "x-amz-target": `DynamoDB_20120810.${operation}` },
      body: JSON.stringify({ TableName: table, ...input }),
    });
  const keys = keysOf.get(handle) ?? new Map<string, string>();
  keysOf.set(handle, keys);
  if (!keys.has(table)) {
    const described = await call("DescribeTable", {});
    if (described.status !== 200) return failed(table, described);
    keys.set(table, JSON.parse(described.body ?? "").Table.KeySchema[0].AttributeName);
  }
  const put = await call("PutItem", {
    Item: item,
    ConditionExpression: "attribute_not_exists(#key)",
    ExpressionAttributeNames: { "#key": keys.get(table) },
  });
  return put.status === 200 ? { TableName: table } : failed(table, put);
}

/** A statement's error is called as its call's, but for the end. */
function failed(table: string, { body }: ApiResponse): BatchStatementResponse {
  const { __type: type, message } = JSON.parse(body ?? "") as { __type: string; message?: string };
  const name = type.replace(/^.*#/, "").replace(/Exception$/, "");
  if (name === "ConditionalCheckFailed") return duplicate(table);
  const Code = (name === "Validation" ? "ValidationError" : name) as BatchStatementErrorCodeEnum;
  return { Error: { Code, Message: message }, TableName: table };
}

function json(status: number, body: object): ApiResponse {
  return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body: JSON.stringify(body) };
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
