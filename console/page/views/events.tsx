import { useEffect, useState } from "preact/hooks";
import type { EventPage } from "../../api.ts";
import { count, counted, sentenceOfNext } from "../format.ts";
import { Outcome } from "../parts/outcome.tsx";
import { Pages } from "../parts/pages.tsx";
import { Panel, Problem } from "../parts/panel.tsx";
import { Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { hrefOf } from "../route.ts";
import { useCall } from "../use-call.ts";

interface EventsProps {
  readonly search: string;
  readonly outcome: string;
  readonly page: number;
}

const OUTCOMES = ["", "waiting", "delivered", "dead", "duplicate", "spilled", "parked"] as const;
type Chosen = (typeof OUTCOMES)[number];

/** What becomes of each event, as it comes. */
export function EventsView({ search, outcome, page }: EventsProps) {
  const chosen = OUTCOMES.find((each) => each === outcome) ?? "";
  const asked = useCall("events", { search, outcome: chosen, page }, { on: "events", seconds: 30 });
  return (
    <>
      <h1>Events</h1>
      <Search search={search} outcome={chosen} />
      <Panel title={search === "" && chosen === "" ? "All" : "Chosen"} asked={asked}>
        {(found) => (
          <>
            {found.error !== undefined && <Problem {...found.error} />}
            <p class="quiet">
              <b class="total">{counted(found.chosen, "event")}</b>
              {found.chosen !== found.known && ` of ${count(found.known)}`}
              {found.since !== undefined && (
                <>
                  {" "}
                  since <Time at={found.since} />
                </>
              )}
              {found.forgotten > 0 && `, without ${counted(found.forgotten, "older one")}`}.{" "}
              <Text>{found.about}</Text>
            </p>
            {found.rows.length === 0 ? (
              <p class="quiet">
                {found.known === 0
                  ? "No event has come since then. They are shown as they come."
                  : "None of them is chosen."}
              </p>
            ) : (
              <Table rows={found.rows} />
            )}
            <Pages
              page={found.page}
              pages={found.pages}
              to={(page) => hrefOf({ view: "events", search, outcome, page })}
            />
          </>
        )}
      </Panel>
    </>
  );
}

function Table({ rows }: Pick<EventPage, "rows">) {
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Received</th>
            <th scope="col">Event</th>
            <th scope="col">Outcome</th>
            <th scope="col">Type</th>
            <th scope="col" class="number">
              Attempts
            </th>
            <th scope="col">Next</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ event, shortId, outcome, attempts, status, lastAt, next }) => (
            <tr key={event.id}>
              <td data-label="Received">
                <Time at={event.receivedAt ?? lastAt} />
              </td>
              <td data-label="Event">
                <a href={hrefOf({ view: "event", id: event.id })} title={event.id}>
                  <code>
                    <Text>{shortId}</Text>
                  </code>
                </a>
              </td>
              <td data-label="Outcome">
                <Outcome>{outcome}</Outcome> {status !== undefined && outcome !== "delivered" && status}
              </td>
              <td data-label="Type">
                <Text>{event.type ?? "–"}</Text>
              </td>
              <td class="number" data-label="Attempts">
                {attempts}
              </td>
              <td class="wide quiet" data-label="Next">
                {next.what === "nothing" ? "–" : <Text>{sentenceOfNext(next)}</Text>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Search({ search, outcome }: { readonly search: string; readonly outcome: Chosen }) {
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  const go = (search: string, outcome: string) => {
    location.hash = hrefOf({ view: "events", search: search.trim(), outcome, page: 0 });
  };
  return (
    <form
      class="panel filters"
      aria-label="Search"
      onSubmit={(event) => {
        event.preventDefault();
        go(typed, outcome);
      }}
    >
      <label>
        search
        <input
          type="text"
          value={typed}
          placeholder="id, conversation, type, source"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <label>
        outcome
        <select value={outcome} onChange={({ currentTarget }) => go(typed, currentTarget.value)}>
          {OUTCOMES.map((each) => (
            <option key={each} value={each}>
              {each === "" ? "any" : each}
            </option>
          ))}
        </select>
      </label>
      <span class="buttons">
        <button type="submit" class="primary">
          Choose
        </button>
        <button type="button" onClick={() => go("", "")}>
          Clear
        </button>
      </span>
    </form>
  );
}
