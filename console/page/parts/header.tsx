import { count } from "../format.ts";
import { useLive } from "../live.ts";
import { hrefOf, type Route } from "../route.ts";

/** Whose flow this is, and where one can go. */
export function Header({ view }: { readonly view: Route["view"] }) {
  const { environment, queue, activity } = useLive();
  const info = environment.data;
  const running = activity.data?.filter(({ state }) => state === "running").length ?? 0;
  return (
    <header>
      <p class="brand">
        Event console <span class={`chip ${info?.kind ?? ""}`}>{info?.title ?? "…"}</span>
      </p>
      <nav aria-label="Views">
        <Link to={{ view: "overview" }} here={view === "overview"}>
          Overview
        </Link>
        <Link to={{ view: "dead-letters", filter: {}, page: 0 }} here={view.startsWith("dead-letter")}>
          Dead letters
          {queue.data !== undefined && queue.data.deadLetters > 0 && (
            <span class="badge">{count(queue.data.deadLetters)}</span>
          )}
        </Link>
        <Link to={{ view: "events", search: "", outcome: "", page: 0 }} here={view.startsWith("event")}>
          Events
        </Link>
        <Link to={{ view: "forecast" }} here={view === "forecast"}>
          Forecast
        </Link>
        <Link to={{ view: "activity" }} here={view === "activity"}>
          Done here
          {running > 0 && <span class="badge">{running} running</span>}
        </Link>
      </nav>
      <p class="operator" title="As whom this console acts">
        {info?.operator}
      </p>
    </header>
  );
}

function Link(props: {
  readonly to: Route;
  readonly here: boolean;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <a href={hrefOf(props.to)} aria-current={props.here ? "page" : undefined}>
      {props.children}
    </a>
  );
}
