import { useEffect } from "preact/hooks";
import { LiveProvider, useAsking } from "./live.ts";
import { Latest } from "./panels/latest.tsx";
import { Header } from "./parts/header.tsx";
import { useRoute } from "./route.ts";
import { ActivityView } from "./views/activity.tsx";
import { DeadLetterView } from "./views/dead-letter.tsx";
import { DeadLettersView } from "./views/dead-letters.tsx";
import { EventView } from "./views/event.tsx";
import { EventsView } from "./views/events.tsx";
import { ForecastView } from "./views/forecast.tsx";
import { Overview } from "./views/overview.tsx";
import { Stranger } from "./views/stranger.tsx";

export function App() {
  const live = useAsking();
  const route = useRoute();
  const title = live.environment.data?.title;
  useEffect(() => {
    document.title = title === undefined ? "Event console" : `${title} – event console`;
  }, [title]);
  if (live.environment.error?.isGone && live.environment.data === undefined) return <Stranger />;
  return (
    <LiveProvider value={live}>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <Header view={route.view} />
      <main id="main" tabIndex={-1}>
        {route.view === "overview" && <Overview />}
        {route.view === "dead-letters" && <DeadLettersView filter={route.filter} page={route.page} />}
        {route.view === "dead-letter" && <DeadLetterView id={route.id} />}
        {route.view === "events" && <EventsView {...route} />}
        {route.view === "event" && <EventView id={route.id} />}
        {route.view === "forecast" && <ForecastView />}
        {route.view === "activity" && <ActivityView />}
      </main>
      {route.view !== "activity" && <Latest />}
      <footer>{live.environment.data?.pace.note}</footer>
    </LiveProvider>
  );
}

/** No link: what stands behind `#` says which view it is. */
function skip(): void {
  document.getElementById("main")?.focus();
}
