import type { FilterWords, Causes as Found } from "../../api.ts";
import { count, counted, percent } from "../format.ts";
import { useLive } from "../live.ts";
import { Panel } from "../parts/panel.tsx";
import { ChosenButtons } from "../parts/redrive.tsx";
import { Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { hrefOf } from "../route.ts";
import { useCall } from "../use-call.ts";
import { Looked } from "./looked.tsx";

interface CausesProps {
  readonly filter: FilterWords;
  /** How many are shown. */
  readonly most: number;
}

/** Why there are dead letters: by class, status, type and text. */
export function Causes({ filter, most }: CausesProps) {
  const { snapshot } = useLive();
  const from = snapshot.data?.at;
  const asked = useCall("causes", from === undefined ? undefined : { filter }, { from });
  return (
    <Panel
      title="Failures by cause"
      asked={snapshot.data?.at === undefined ? { ...asked, data: NONE } : asked}
      aside={<Looked />}
    >
      {(data) => <Table found={data} filter={filter} most={most} />}
    </Panel>
  );
}

const NONE: Found = { at: "", causes: [], more: 0, chosen: 0, lookedAt: 0 };

function Table({ found, filter, most }: CausesProps & { readonly found: Found }) {
  const { causes, lookedAt, more } = found;
  if (found.at === "") return <p class="quiet">Nobody has looked at the dead letters yet.</p>;
  if (causes.length === 0) {
    return (
      <p class="quiet">
        {lookedAt === 0
          ? "No dead letters."
          : `None of ${counted(lookedAt, "dead letter")} is chosen by these filters.`}
      </p>
    );
  }
  return (
    <div class="scroll">
      <table class="list causes">
        <thead>
          <tr>
            <th scope="col">Cause</th>
            <th scope="col" class="number">
              Count
            </th>
            <th scope="col" class="number">
              Share
            </th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              <span class="hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {causes.slice(0, most).map((cause) => {
            const chosen = { ...filter, cause: cause.id };
            return (
              <tr key={cause.id}>
                <td class="wide">
                  <span class="chip bad">
                    {cause.class}
                    {cause.status === undefined ? "" : ` ${cause.status}`}
                  </span>{" "}
                  <span class="quiet">
                    <Text>{cause.eventType ?? "no type"}</Text>
                  </span>
                  <a class="reason" href={hrefOf({ view: "dead-letters", filter: chosen, page: 0 })}>
                    <Text>{cause.text === "" ? "It does not say why." : cause.text}</Text>
                  </a>
                </td>
                <td class="number" data-label="Count">
                  {count(cause.count)}
                </td>
                <td class="number" data-label="Share">
                  {percent(cause.share)}
                </td>
                <td data-label="First seen">
                  <Time at={cause.firstAt} />
                </td>
                <td data-label="Last seen">
                  <Time at={cause.lastAt} />
                </td>
                <td>
                  <ChosenButtons filter={chosen} chosen={cause.count} which="of this cause" />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {causes.length + more > most && (
        <p class="quiet">{counted(causes.length + more - most, "more cause")} of fewer dead letters.</p>
      )}
    </div>
  );
}
