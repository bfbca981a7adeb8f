import { useEffect, useState } from "preact/hooks";
import { type FilterWords, filterNames } from "../api.ts";

/** Where in the page somebody is. It stands in the address behind `#`, which goes to no server. */
export type Route =
  | { readonly view: "overview" | "activity" | "forecast" }
  | { readonly view: "dead-letters"; readonly filter: FilterWords; readonly page: number }
  | { readonly view: "dead-letter" | "event"; readonly id: string }
  | { readonly view: "events"; readonly search: string; readonly outcome: string; readonly page: number };

function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view, id] = path.split("/");
  if (view === "activity" || view === "forecast") return { view };
  if ((view === "dead-letter" || view === "event") && id !== undefined)
    return { view, id: decodeURIComponent(id) };
  const words = new URLSearchParams(query);
  const page = Math.max(0, Number(words.get("page") ?? 1) - 1) || 0;
  if (view === "events") {
    return { view, search: words.get("search") ?? "", outcome: words.get("outcome") ?? "", page };
  }
  if (view !== "dead-letters") return { view: "overview" };
  const filter = Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = words.get(name);
      return value === null || value === "" ? [] : [[name, value] as const];
    }),
  );
  return { view, filter, page };
}

export function hrefOf(route: Route): string {
  if ("id" in route) return `#/${route.view}/${encodeURIComponent(route.id)}`;
  if (!("page" in route)) return route.view === "overview" ? "#/" : `#/${route.view}`;
  const given = route.view === "events" ? { search: route.search, outcome: route.outcome } : route.filter;
  const words = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ""));
  if (route.page > 0) words.set("page", String(route.page + 1));
  return words.size === 0 ? `#/${route.view}` : `#/${route.view}?${words}`;
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
