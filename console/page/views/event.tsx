import { History } from "../panels/history.tsx";
import { Copy } from "../parts/copy.tsx";
import { Text } from "../parts/text.tsx";
import { hrefOf } from "../route.ts";

/** One event, whatever became of it. */
export function EventView({ id }: { readonly id: string }) {
  return (
    <>
      <p class="back">
        <a href={hrefOf({ view: "events", search: "", outcome: "", page: 0 })}>Events</a>
      </p>
      <h1>One event</h1>
      <section class="panel" aria-label="Identity">
        <p>
          <code>
            <Text>{id}</Text>
          </code>{" "}
          <Copy text={id} what="the id" />
        </p>
        <p>
          <a href={hrefOf({ view: "dead-letters", filter: { id }, page: 0 })}>Its dead letters</a>
        </p>
      </section>
      <History id={id} />
    </>
  );
}
