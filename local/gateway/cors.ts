import type { IncomingHttpHeaders } from "node:http";
import { defined } from "../../contract/defined.ts";
import type { CorsModel } from "../stack/model.ts";

/** The preflight's own headers; none where the origin, method or headers are not allowed. */
export function preflightHeaders(cors: CorsModel, request: IncomingHttpHeaders): Record<string, string> {
  const method = request["access-control-request-method"] ?? "";
  const origin = allowedOrigin(cors, request.origin);
  if (origin === undefined || !includes(cors.allowMethods, method)) return {};
  return {
    ...common(cors, origin),
    "access-control-allow-methods": cors.allowMethods.join(","),
    "access-control-allow-headers": cors.allowHeaders.map((name) => name.toLowerCase()).join(","),
    ...defined({ "access-control-max-age": cors.maxAgeSeconds?.toString() }),
  };
}

/** What an ordinary answer to a browser carries. */
export function corsHeaders(cors: CorsModel, request: IncomingHttpHeaders): Record<string, string> {
  const origin = allowedOrigin(cors, request.origin);
  return origin === undefined ? {} : common(cors, origin);
}

function common({ exposeHeaders, allowCredentials }: CorsModel, origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    ...(allowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    ...(exposeHeaders.length > 0 ? { "access-control-expose-headers": exposeHeaders.join(",") } : {}),
  };
}

function allowedOrigin({ allowOrigins }: CorsModel, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (allowOrigins.includes("*")) return "*";
  return includes(allowOrigins, origin) ? origin : undefined;
}

function includes(allowed: readonly string[], value: string): boolean {
  return allowed.some((item) => item === "*" || item.toLowerCase() === value.toLowerCase());
}
