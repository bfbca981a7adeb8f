import { readHttpApi, readProxy } from "./invocations.ts";
import { routeOf } from "./route.ts";

/** What the receiver looks at of an HTTP request. */
export interface Request {
  readonly method: string;
  /** The route's path as its source has it, parameters in braces; the request's own where no route matched. */
  readonly path: string;
  /** The request's own. */
  readonly rawPath: string;
  /** One value; repeated headers arrive as one, joined by commas. */
  header(name: string): string | undefined;
  pathParameter(name: string): string | undefined;
  /** The raw bytes; none where the request had no body. */
  readonly body: Buffer;
}

/**
 * A request out of whatever invokes the receiver: an HTTP API with either payload format, a REST API, a load
 * balancer, a function URL. No field is trusted to be there or to be of its type.
 *
 * @returns undefined where it is none of them
 */
export function toRequest(event: unknown): Request | undefined {
  const invocation = readHttpApi(event) ?? readProxy(event);
  if (invocation === undefined) return undefined;
  const { method, headers, body, isBase64Encoded } = invocation;
  const { path, parameters } = routeOf(invocation);
  return {
    method,
    path,
    rawPath: invocation.path,
    header: (name) => headers.get(name),
    pathParameter: (name) => parameters.get(name),
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}
