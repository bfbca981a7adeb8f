import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** What the receiver looks at of an HTTP request. */
export interface Request {
  readonly method: string;
  /** The route's path as it is configured, parameters in braces; the request's own where no route matched. */
  readonly path: string;
  /** One value; repeated headers arrive as one, joined by commas. */
  header(name: string): string | undefined;
  pathParameter(name: string): string | undefined;
  /** The raw bytes; none where the request had no body. */
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes an HTTP API event (format 2.0), trusting no field of it to be there or to be of its type. */
export function toRequest(given: APIGatewayProxyEventV2): Request {
  const event: { readonly [K in keyof APIGatewayProxyEventV2]?: unknown } = object(given);
  const http = object(object(event.requestContext)["http"]);
  const [, routePath] = string(event.routeKey)?.split(" ") ?? [];
  const headers = new Map(
    Object.entries(object(event.headers)).map(([name, value]) => [name.toLowerCase(), string(value)]),
  );
  const pathParameters = new Map(Object.entries(object(event.pathParameters)));
  const body = string(event.body) ?? "";
  return {
    method: string(http["method"]) ?? "",
    path: routePath ?? string(event.rawPath) ?? "",
    header: (name) => headers.get(name),
    pathParameter: (name) => string(pathParameters.get(name)),
    body: Buffer.from(body, event.isBase64Encoded === true ? "base64" : "utf8"),
  };
}

export function toResult({ status, body, headers }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
