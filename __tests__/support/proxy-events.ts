import { httpEvent, type RequestOptions } from "./lambda-events.ts";

/** A request as one of the callers hands it over: by the caller's name, the invocation's event. */
export const proxyEvents: Readonly<Record<string, (options: RequestOptions) => Record<string, unknown>>> = {
  "an HTTP API, payload 2.0": (options) => ({ ...httpEvent(options) }),
  "an HTTP API, payload 2.0, with a stage": (options) => {
    const event = httpEvent(options);
    const { requestContext, rawPath } = event;
    const http = { ...requestContext.http, path: `/prod${rawPath}` };
    return {
      ...event,
      routeKey: "$default",
      pathParameters: undefined,
      rawPath: `/prod${concrete(rawPath, options)}`,
      requestContext: { ...requestContext, stage: "prod", routeKey: "$default", http },
    };
  },
  "an HTTP API, payload 1.0": (options) => ({
    version: "1.0",
    ...proxied(options),
    requestContext: {
      stage: "$default",
      httpMethod: options.method ?? "POST",
      resourcePath: pathOf(options),
    },
  }),
  "a REST API": (options) => ({
    ...proxied(options),
    stageVariables: null,
    requestContext: {
      stage: "prod",
      path: `/prod${concrete(pathOf(options), options)}`,
      httpMethod: options.method ?? "POST",
      identity: { sourceIp: "192.0.2.1" },
    },
  }),
  "a REST API that proxies all, under a domain's base path": (options) => {
    const path = `/genesys${concrete(pathOf(options), options)}`;
    return {
      ...proxied(options),
      resource: "/{proxy+}",
      path,
      pathParameters: { proxy: path.slice(1) },
      requestContext: { stage: "prod", path, httpMethod: options.method ?? "POST" },
    };
  },
  "a load balancer": (options) => {
    const { multiValueHeaders: _, pathParameters: __, resource: ___, ...event } = proxied(options);
    return { ...event, path: concrete(pathOf(options), options), requestContext: balancer };
  },
  "a load balancer with lists of headers": (options) => {
    const { headers: _, pathParameters: __, resource: ___, ...event } = proxied(options);
    return { ...event, path: concrete(pathOf(options), options), requestContext: balancer };
  },
};

const balancer = { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/1" } };

const pathOf = ({ path = "/webhook" }: RequestOptions) => path;

/** Format 1.0, which REST APIs, HTTP APIs and load balancers share but for details. */
function proxied(options: RequestOptions): Record<string, unknown> {
  const { headers, body, isBase64Encoded } = httpEvent(options);
  const given = Object.entries(headers).map(([name, value]) => [capitalised(name), value ?? ""] as const);
  return {
    resource: pathOf(options),
    path: concrete(pathOf(options), options),
    httpMethod: options.method ?? "POST",
    headers: Object.fromEntries(given),
    multiValueHeaders: Object.fromEntries(given.map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: options.pathParameters ?? null,
    body: body ?? null,
    isBase64Encoded,
  };
}

/** As browsers and clients write a header's name; only format 2.0 has them in lower case. */
function capitalised(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function concrete(path: string, { pathParameters = {} }: RequestOptions): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pathParameters[name] ?? ""));
}
