import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../../contract/defined.ts";
import { among, list, sources, statuses } from "../dlq/filter.ts";
import type { EventFilter } from "./filter.ts";
import { type Outcome, outcomes } from "./history.ts";

/** What events are chosen by on the command line; all of what is given has to fit. */
export interface EventFilterOptions {
  readonly id?: string;
  readonly conversation?: string;
  readonly source?: readonly string[];
  readonly type?: readonly string[];
  readonly outcome?: readonly string[];
  readonly status?: readonly string[];
}

export function addEventFilterOptions(command: Command): Command {
  return command
    .option("--id <id>", "its id, its first characters, its Idempotency-Key, or how that begins", given)
    .option("--conversation <id>", "its conversation's id, or how that begins", given)
    .addOption(among("--source <source>", "how it came", sources))
    .option("--type <type>", "its event type; * stands for anything", list)
    .addOption(among("--outcome <outcome>", "where it is, or several with commas", outcomes))
    .option("--status <status>", "what the destination answered last: 422, 5xx, none", statuses);
}

export function readEventFilter(options: EventFilterOptions): EventFilter {
  return defined({
    id: options.id,
    conversation: options.conversation,
    sources: options.source,
    types: options.type,
    outcomes: options.outcome as readonly Outcome[] | undefined,
    statuses: options.status,
  });
}

function given(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Give at least one character.");
  return text.trim();
}
