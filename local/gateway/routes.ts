import type { RouteModel } from "../stack/model.ts";
import type { RouteMatch } from "./event.ts";

export interface Match extends RouteMatch {
  readonly route: RouteModel;
}

/**
 * The route of a request: most specific first, as API Gateway picks. A full match of the path goes before
 * one with parameters, that before one with `{proxy+}`, a method before ANY, `$default` last.
 */
export function matchRoute(routes: readonly RouteModel[], method: string, path: string): Match | undefined {
  const matches = routes.flatMap((route) => {
    const pathParameters = match(route.routeKey, method, path);
    return pathParameters ? [{ route, routeKey: route.routeKey, pathParameters }] : [];
  });
  return matches.sort((a, b) => vagueness(a.routeKey) - vagueness(b.routeKey))[0];
}

function match(routeKey: string, method: string, path: string): Record<string, string> | undefined {
  if (routeKey === "$default") return {};
  const [routeMethod = "", template = ""] = routeKey.split(" ");
  if (routeMethod !== "ANY" && routeMethod !== method) return undefined;
  const names: string[] = [];
  const pattern = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(name);
      return greedy ? "(.+)" : "([^/]+)";
    })
    .join("");
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, decode(found[i + 1] ?? "")]));
}

function vagueness(routeKey: string): number {
  if (routeKey === "$default") return 1_000;
  return (
    (routeKey.includes("+}") ? 500 : 0) +
    (routeKey.match(/\{/g)?.length ?? 0) * 2 +
    (routeKey.startsWith("ANY ") ? 1 : 0)
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
