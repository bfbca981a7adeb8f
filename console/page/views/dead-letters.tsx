import type { FilterWords } from "../../api.ts";
import { count, counted } from "../format.ts";
import { useLive } from "../live.ts";
import { DeadLetterTable } from "../panels/dead-letter-table.tsx";
import { Filters } from "../panels/filters.tsx";
import { Looked } from "../panels/looked.tsx";
import { Pages } from "../parts/pages.tsx";
import { Panel } from "../parts/panel.tsx";
import { ChosenButtons } from "../parts/redrive.tsx";
import { hrefOf } from "../route.ts";
import { useCall } from "../use-call.ts";

interface DeadLettersProps {
  readonly filter: FilterWords;
  readonly page: number;
}

/** All dead letters that the filters choose, a page at a time. */
export function DeadLettersView({ filter, page }: DeadLettersProps) {
  const { snapshot, queue } = useLive();
  const from = snapshot.data?.at;
  const isKnown = from !== undefined;
  const asked = useCall("deadLetters", isKnown ? { filter, page } : undefined, { from });
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <h1>Dead letters</h1>
      <Filters filter={filter} />
      {!isKnown && (
        <section class="panel">
          <Looked />
          <p class="quiet">
            {queue.data === undefined
              ? "Asking…"
              : `There are about ${count(queue.data.deadLetters)}. Nobody has looked at them yet.`}
          </p>
        </section>
      )}
      {isKnown && (
        <Panel title={isFiltered ? "Chosen" : "All"} asked={asked} aside={<Looked />}>
          {(found) => (
            <>
              <div class="bar">
                <span>
                  {isFiltered
                    ? `${count(found.chosen)} of ${counted(found.lookedAt, "dead letter")}`
                    : counted(found.chosen, "dead letter")}
                </span>
                <ChosenButtons
                  filter={filter}
                  chosen={found.chosen}
                  which={isFiltered ? "that these filters choose" : "– all of them"}
                />
              </div>
              {found.rows.length === 0 ? (
                <p class="quiet">
                  {found.lookedAt === 0
                    ? "No dead letters. What a destination turns down for good, or never takes, would be here."
                    : "None of them is chosen by these filters."}
                </p>
              ) : (
                <DeadLetterTable rows={found.rows} />
              )}
              <Pages
                page={found.page}
                pages={found.pages}
                to={(page) => hrefOf({ view: "dead-letters", filter, page })}
              />
            </>
          )}
        </Panel>
      )}
    </>
  );
}
