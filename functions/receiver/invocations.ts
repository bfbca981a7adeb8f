/** What Lambda hands over of a request, whoever called it. */
export interface Invocation {
  readonly method: string;
  /** The route that the caller has matched, parameters in braces; absent where it tells none. */
  readonly routePath: string | undefined;
  /** The request's own, which may begin with a stage or another prefix. */
  readonly path: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * HTTP API with payload format 2.0, and a function URL.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function readHttpApi(given: unknown): Invocation | undefined {
  const event = object(given);
  const http = object(object(event["requestContext"])["http"]);
  const method = text(http["method"]);
  const path = text(event["rawPath"]) ?? text(http["path"]);
  if (method === undefined || path === undefined) return undefined;
  const [, routePath] = text(event["routeKey"])?.split(" ") ?? [];
  return withBody(event, { method, path, routePath });
}

/**
 * HTTP API with payload format 1.0, a REST API's proxy integration, and an Application Load Balancer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function readProxy(given: unknown): Invocation | undefined {
  const event = object(given);
  const method = text(event["httpMethod"]);
  const path = text(event["path"]);
  if (method === undefined || path === undefined) return undefined;
  return withBody(event, { method, path, routePath: text(event["resource"]) });
}

/** Where a load balancer sends each header as a list, it takes none that is not one in the answer. */
export function wantsHeaderLists(given: unknown): boolean {
  const event = object(given);
  return isLoadBalancer(given) && event["headers"] === undefined && event["multiValueHeaders"] !== undefined;
}

export function isLoadBalancer(given: unknown): boolean {
  return object(object(given)["requestContext"])["elb"] !== undefined;
}

/** The caller's own name for the request; a load balancer has none. */
export function requestIdOf(given: unknown): string | undefined {
  return text(object(object(given)["requestContext"])["requestId"]);
}

/** What an invocation consists of, for a log line: its fields' names, and nothing of what stands in them. */
export function shapeOf(given: unknown): string {
  if (typeof given !== "object" || given === null) return given === null ? "null" : typeof given;
  if (Array.isArray(given)) return "array";
  const names = Object.keys(given).sort().slice(0, MAX_NAMES);
  return names.map((name) => name.replaceAll(/[^\w.-]/g, "?").slice(0, MAX_NAME_CHARACTERS)).join(",");
}

const MAX_NAMES = 30;
const MAX_NAME_CHARACTERS = 40;

/** A body that is neither text nor absent comes from nobody who signs bytes: that is no shape that we know. */
function withBody(
  event: Fields,
  request: Pick<Invocation, "method" | "path" | "routePath">,
): Invocation | undefined {
  const body = event["body"] ?? "";
  if (typeof body !== "string") return undefined;
  return {
    ...request,
    headers: headersOf(event),
    pathParameters: texts(event["pathParameters"]),
    body,
    isBase64Encoded: event["isBase64Encoded"] === true,
  };
}

/** The lists have every value of a repeated header, the other form its last. */
function headersOf(event: Fields): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of texts(event["headers"])) headers.set(name.toLowerCase(), value);
  for (const [name, values] of Object.entries(object(event["multiValueHeaders"]))) {
    if (!Array.isArray(values) || values.length === 0) continue;
    const all = values.filter((value) => typeof value === "string");
    if (all.length === values.length) headers.set(name.toLowerCase(), all.join(","));
  }
  return headers;
}

function texts(value: unknown): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(object(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function object(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
