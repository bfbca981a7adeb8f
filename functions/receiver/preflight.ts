import { CORS_HEADERS, CORS_METHODS } from "../../contract/cors.ts";
import { sourceDefinitions } from "../../contract/sources/index.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";
import type { Request } from "./request.ts";
import type { HttpResponse } from "./response.ts";

/**
 * A browser's question whether it may call a source. An HTTP API answers it itself; a REST API or a load balancer
 * hands it on.
 *
 * @returns undefined for any other request
 */
export function preflight(
  request: Request,
  { source }: SourceSettings,
  origins: readonly string[],
): HttpResponse | undefined {
  if (request.method !== "OPTIONS" || !sourceDefinitions[source].cors) return undefined;
  return {
    status: 200,
    headers: {
      ...allowOrigin(request.header("origin"), origins),
      "access-control-allow-methods": CORS_METHODS.join(","),
      "access-control-allow-headers": CORS_HEADERS.join(","),
    },
  };
}

/** The header names one origin, or all. */
function allowOrigin(origin: string | undefined, origins: readonly string[]): Record<string, string> {
  if (origins.includes("*")) return { "access-control-allow-origin": "*" };
  if (origin === undefined || !origins.includes(origin)) return { vary: "Origin" };
  return { "access-control-allow-origin": origin, vary: "Origin" };
}
