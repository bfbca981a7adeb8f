import type { Call } from "../../../local/iam/evaluate-policy.ts";
import type { NotedCall } from "./noted-call.ts";

/** Its actions are HTTP's methods, its resources their paths. */
export function askedOfApiGateway({ method, url, region }: NotedCall): Call {
  const { pathname } = new URL(url, "http://apigateway");
  const path = decodeURIComponent(pathname).replace(/^\/v2/, "");
  return { action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path}` };
}
