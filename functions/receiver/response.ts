import { defined } from "../../contract/defined.ts";
import { isLoadBalancer, wantsHeaderLists } from "./invocations.ts";

export interface HttpResponse {
  readonly status: number;
  /** Goes as JSON. @default no body at all */
  readonly body?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer as whoever invoked the function takes it. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
  /** A load balancer's. */
  readonly statusDescription?: string;
  readonly isBase64Encoded?: false;
}

/** @param event what the function was invoked with */
export function toResult({ status, body, headers: given }: HttpResponse, event: unknown): ProxyResult {
  const headers = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...given };
  const ofLoadBalancer = isLoadBalancer(event);
  return {
    statusCode: status,
    ...(wantsHeaderLists(event) ? { multiValueHeaders: asLists(headers) } : { headers }),
    body: body === undefined ? "" : JSON.stringify(body),
    ...defined({
      statusDescription: ofLoadBalancer ? `${status} ${DESCRIPTIONS[status] ?? "Error"}` : undefined,
      isBase64Encoded: ofLoadBalancer ? (false as const) : undefined,
    }),
  };
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: "OK",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  503: "Service Unavailable",
};

function asLists(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
