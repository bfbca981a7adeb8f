import { createHmac } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** What a test says of a request; the rest is as API Gateway would send it. */
export interface RequestOptions {
  readonly routeKey?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Absent: the request has no body, as API Gateway says it. */
  readonly body?: string | Uint8Array;
  /** Bytes travel in base64, text as it is, unless a test wants it otherwise. */
  readonly base64?: boolean;
  /** API Gateway's own. */
  readonly requestId?: string;
}

/** An HTTP API event, format 2.0. */
export function httpEvent(options: RequestOptions = {}): APIGatewayProxyEventV2 {
  const {
    requestId = "request",
    method = "POST",
    path = "/webhook",
    headers = {},
    pathParameters,
    body,
  } = options;
  const base64 = options.base64 ?? (body !== undefined && typeof body !== "string");
  const routeKey = options.routeKey ?? `${method} ${path}`;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: "",
    headers: {
      "content-type": "application/json",
      host: "example.execute-api.eu-west-1.amazonaws.com",
      ...headers,
    },
    requestContext: {
      accountId: "123456789012",
      apiId: "example",
      domainName: "example.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "example",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId,
      routeKey,
      stage: "$default",
      time: "24/Nov/2026:12:00:00 +0000",
      timeEpoch: 1_795_521_600_000,
    },
    ...(pathParameters === undefined ? {} : { pathParameters: { ...pathParameters } }),
    ...(body === undefined
      ? {}
      : { body: base64 ? Buffer.from(body).toString("base64") : Buffer.from(body).toString() }),
    isBase64Encoded: base64,
  };
}

/** The header with which Genesys signs a body. */
export function signed(
  body: string | Uint8Array,
  secret: string,
  encoding: "base64" | "hex" = "base64",
): Record<string, string> {
  return { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest(encoding)}` };
}
