import { encodeBody } from "./body.ts";

/** A request as it came over the wire. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly url: string;
  /** Name, value, name, value, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  readonly body: Buffer;
}

export interface RouteMatch {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** What is the same for all requests of one API, and what differs for each. */
export interface RequestIdentity {
  readonly apiId: string;
  readonly account: string;
  readonly requestId: string;
  readonly at: Date;
}

/**
 * An HTTP API event, format 2.0:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(
  request: GatewayRequest,
  { routeKey, pathParameters }: RouteMatch,
  of: RequestIdentity,
) {
  const [rawPath = "/", ...query] = request.url.split("?");
  const rawQueryString = query.join("?");
  const { headers, cookies } = readHeaders(request.rawHeaders);
  const domainName = headers["host"] ?? "";
  return {
    version: "2.0",
    routeKey,
    rawPath: decodePath(rawPath),
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters: readQuery(rawQueryString) }),
    requestContext: {
      accountId: of.account,
      apiId: of.apiId,
      domainName,
      domainPrefix: domainName.split(".")[0] ?? "",
      http: {
        method: request.method,
        path: decodePath(rawPath),
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: of.requestId,
      routeKey,
      stage: "$default",
      time: commonLogTime(of.at),
      timeEpoch: of.at.getTime(),
    },
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    ...(request.body.length === 0
      ? { isBase64Encoded: false }
      : encodeBody(request.body, headers["content-type"])),
  };
}

/** Lower-case names; repeated headers become one, joined by commas; cookies stand apart. */
function readHeaders(raw: readonly string[]) {
  const values = new Map<string, string>();
  const cookies: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = raw[i + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ""));
    else values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  }
  const headers: Record<string, string | undefined> = Object.fromEntries(values);
  return { headers, cookies };
}

function readQuery(rawQueryString: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  }
  return Object.fromEntries(values);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** `24/Nov/2026:07:35:32 +0000` */
function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
