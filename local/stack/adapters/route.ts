import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

/** The longest that API Gateway waits for an integration, and its default. */
const INTEGRATION_TIMEOUT_MILLISECONDS = 30_000;

/** A route with the integration that it targets, which `integrations` finds by id. */
export function route(integrations: (id: string) => Resource | undefined): ResourceAdapter {
  return {
    uses: ["route_key", "target"],
    noEffect: { api_id: "there is one API" },
    outputs: (resource) => ({ id: resource.address, route_key: resource.text("route_key") }),
    add(resource, stack) {
      const routeKey = resource.text("route_key");
      if (!/^(\$default|[A-Z]+ \/\S*)$/.test(routeKey)) resource.refuse(`has the route key ${routeKey}`);
      const target = integrations(resource.text("target").replace(/^integrations\//, ""));
      if (!target) return resource.refuse("targets no integration of the stack");
      const functionArn = target.text("integration_uri");
      if (!stack.functions.some(({ arn }) => arn === functionArn)) {
        target.refuse(`calls a function that the stack does not have: ${functionArn}`);
      }
      stack.routes.push({
        routeKey,
        functionArn,
        timeoutMilliseconds: target.number("timeout_milliseconds", INTEGRATION_TIMEOUT_MILLISECONDS),
      });
    },
  };
}
