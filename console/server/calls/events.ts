import type { EventHistory } from "../../../cli/events/history.ts";
import { defined } from "../../../contract/defined.ts";
import { shortId } from "../../../contract/event/identity.ts";
import type { Calls, EventPage } from "../../api.ts";
import type { EventFeed } from "../event-feed.ts";

const ROWS = 50;
const ID_CHARACTERS = 12;

/** A page of the events that the feed knows and that a search chooses, the one that came last first. */
export function readEvents(
  feed: EventFeed,
  { search, outcome, page: wanted }: Calls["events"]["input"],
): EventPage {
  const searched = search.trim().toLowerCase();
  const chosen = feed.events.filter(
    (history) =>
      (outcome === "" || history.outcome === outcome) && (searched === "" || has(history, searched)),
  );
  const pages = Math.max(1, Math.ceil(chosen.length / ROWS));
  const page = Math.min(wanted, pages - 1);
  return {
    about: feed.about,
    known: feed.events.length,
    forgotten: feed.forgotten,
    chosen: chosen.length,
    page,
    pages,
    rows: chosen.slice(page * ROWS, (page + 1) * ROWS).map(rowOf),
    ...defined({ since: feed.since, error: feed.error }),
  };
}

function has({ event }: EventHistory, searched: string): boolean {
  return [event.id, event.type, event.conversation, event.source].some((text) =>
    text?.toLowerCase().includes(searched),
  );
}

function rowOf({ steps: _, ...history }: EventHistory): EventPage["rows"][number] {
  return { ...history, shortId: shortId(history.event.id, ID_CHARACTERS) };
}
