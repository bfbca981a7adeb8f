import { sourceDefinitions } from "../../contract/sources/index.ts";
import type { Invocation } from "./invocations.ts";

export interface Route {
  /** A source's own, parameters in braces; the request's own where it is none of theirs. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const patterns = Object.values(sourceDefinitions).map(({ path }) => path);

/**
 * The source's route that a request is for: the one that its caller has matched, or else the one with which its path
 * ends. In front of that may stand a REST API's stage, a domain's base path, or whatever a load balancer's rule lets
 * through; a signed event that came so far is not turned away for that.
 */
export function routeOf({ routePath, path, pathParameters }: Invocation): Route {
  if (patterns.some((pattern) => pattern === routePath)) {
    return { path: routePath as string, parameters: pathParameters };
  }
  const segments = path.split("/").slice(1);
  for (let prefix = 0; prefix < segments.length; prefix++) {
    for (const pattern of patterns) {
      const parameters = match(pattern, segments.slice(prefix));
      if (parameters !== undefined) return { path: pattern, parameters };
    }
  }
  return { path, parameters: pathParameters };
}

function match(pattern: string, given: readonly string[]): Map<string, string> | undefined {
  const wanted = pattern.split("/").slice(1);
  if (wanted.length !== given.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    const [, name] = /^\{(.+)\}$/.exec(segment) ?? [];
    if (name === undefined ? segment !== value : value === "") return undefined;
    if (name !== undefined) parameters.set(name, decoded(value));
  }
  return parameters;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
