import type { DeadLetterPage } from "../../api.ts";
import { Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { hrefOf } from "../route.ts";

/** Dead letters, a row each; on a narrow screen, a card each. */
export function DeadLetterTable({ rows }: Pick<DeadLetterPage, "rows">) {
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Died</th>
            <th scope="col">Event</th>
            <th scope="col">Why</th>
            <th scope="col">Type</th>
            <th scope="col">Source</th>
            <th scope="col" class="number">
              Attempts
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.messageId}>
              <td data-label="Died">
                <Time at={row.diedAt} />
              </td>
              <td data-label="Event">
                <a href={hrefOf({ view: "dead-letter", id: row.messageId })} title={row.eventId}>
                  <code>
                    <Text>{row.shortId}</Text>
                  </code>
                </a>
              </td>
              <td class="wide" data-label="Why">
                <span class="chip bad">
                  {row.class}
                  {row.status === undefined ? "" : ` ${row.status}`}
                </span>{" "}
                <Text>{row.reason}</Text>
              </td>
              <td data-label="Type">
                <Text>{row.eventType ?? "–"}</Text>
              </td>
              <td data-label="Source">{row.source}</td>
              <td class="number" data-label="Attempts">
                {row.attempts ?? "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
