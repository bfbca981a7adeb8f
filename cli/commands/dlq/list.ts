import type { Command } from "commander";
import { shortId } from "../../../contract/event/identity.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import type { DeadLetter } from "../../dlq/dead-letter.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { noneOf } from "../../dlq/none.ts";
import { withExamples } from "../../examples.ts";

const HEAD = ["DIED", "CLASS", "STATUS", "SOURCE", "TYPE", "ATTEMPTS", "ID", "REASON"];
/** Enough of an id to tell events apart, and for `show`. */
const ID_CHARACTERS = 12;
/** The others say how long they are; these are strangers' own words. */
const COLUMN_CHARACTERS = 60;

/** The id is what one copies. */
const FIT = { keep: ["DIED", "ID"], leaveOut: ["ATTEMPTS", "SOURCE"] };

export function addList(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq.command("list").description("lists dead letters, one a line; nothing is taken off the queue"),
    ).action(
      act<FilterOptions>(async (context, options) => {
        const looked = await look(context, readFilter(options));
        const { deadLetters } = looked;
        await context.output.results(deadLetters, () =>
          deadLetters.length === 0 ? noneOf(looked) : context.output.table(HEAD, deadLetters.map(row), FIT),
        );
      }),
    ),
    "genesys-dlq dlq list",
    "genesys-dlq dlq list --class permanent --status 4xx --since 2h",
    "genesys-dlq dlq list --type 'v2.detail.events.conversation.*' --json | jq -r .eventId",
  );
}

function row(deadLetter: DeadLetter): string[] {
  const { diedAt, status, source, eventType, attempts, eventId, reason } = deadLetter;
  return [
    `${diedAt.slice(0, 19)}Z`,
    deadLetter.class,
    status === undefined ? "-" : String(status),
    source,
    eventType ?? "-",
    attempts === undefined ? "-" : String(attempts),
    shortId(eventId, ID_CHARACTERS),
    reason,
  ].map((text) => oneLine(text, COLUMN_CHARACTERS));
}
