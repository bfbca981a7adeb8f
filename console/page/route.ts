import { useEffect, useState } from "preact/hooks";
import { type FilterWords, filterNames } from "../api.ts";

/** Where in the page somebody is. It stands in the address behind `#`, which goes to no server. */
export type Route =
  | { readonly view: "overview" | "activity" }
  | { readonly view: "dead-letters"; readonly filter: FilterWords; readonly page: number }
  | { readonly view: "dead-letter"; readonly id: string };

function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view, id] = path.split("/");
  if (view === "activity") return { view };
  if (view === "dead-letter" && id !== undefined) return { view, id: decodeURIComponent(id) };
  if (view !== "dead-letters") return { view: "overview" };
  const words = new URLSearchParams(query);
  const filter = Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = words.get(name);
      return value === null || value === "" ? [] : [[name, value] as const];
    }),
  );
  return { view, filter, page: Math.max(0, Number(words.get("page") ?? 1) - 1) || 0 };
}

export function hrefOf(route: Route): string {
  if (route.view === "dead-letter") return `#/dead-letter/${encodeURIComponent(route.id)}`;
  if (route.view !== "dead-letters") return route.view === "overview" ? "#/" : `#/${route.view}`;
  const words = new URLSearchParams(route.filter as Record<string, string>);
  if (route.page > 0) words.set("page", String(route.page + 1));
  return words.size === 0 ? "#/dead-letters" : `#/dead-letters?${words}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(readRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}
