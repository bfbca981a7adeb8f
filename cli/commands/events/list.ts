import type { Command } from "commander";
import { defined } from "../../../contract/defined.ts";
import { shortId } from "../../../contract/event/identity.ts";
import { SHORT_ID_CHARACTERS } from "../../../contract/log-fields.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { readMoment } from "../../dlq/times.ts";
import { duration } from "../../doctor/words.ts";
import { type Collected, collect, receivedAt } from "../../events/collect.ts";
import type { EventHistory } from "../../events/history.ts";
import { logsOf } from "../../events/logs-of.ts";
import { addEventFilterOptions, type EventFilterOptions, readEventFilter } from "../../events/options.ts";
import { describeLook } from "../../events/words.ts";
import { withExamples } from "../../examples.ts";
import { wholeNumber } from "../../numbers.ts";

interface ListOptions extends EventFilterOptions {
  readonly since?: Date;
  readonly until?: Date;
  readonly limit: number;
}

const LIMIT = 50;
const MOST = 10_000;
/** What is looked at of a deployed environment's log, where nothing is said: each byte costs. */
const LATELY_MILLISECONDS = 3_600_000;

const HEAD = ["RECEIVED", "AGE", "OUTCOME", "STATUS", "TRIES", "ID", "TYPE"];
/** What is left of 80 columns. */
const TYPE_CHARACTERS = 18;

export function addList(events: Command): void {
  withExamples(
    addEventFilterOptions(
      events.command("list").description("lists events, waiting ones too, the youngest first"),
    )
      .option(
        "--since <time>",
        "received at this time or later: 2026-11-24T08:00Z, or 90m, 2h, 3d ago",
        (text) => readMoment(text),
      )
      .option("--until <time>", "received before this time", (text) => readMoment(text))
      .option("--limit <number>", "how many, at most", wholeNumber(1, MOST), LIMIT)
      .action(act<ListOptions>(list)),
    "genesys-dlq events list --outcome waiting",
    "genesys-dlq events list --status 5xx --since 2h --environment production",
    "genesys-dlq events list --conversation 7e0c5b0e --json | jq -r .event.id",
  );
}

async function list(context: Context, options: ListOptions): Promise<void> {
  const environment = await context.environment();
  const source = logsOf(environment);
  const now = Date.now();
  const lately = source.cost === undefined ? 0 : now - LATELY_MILLISECONDS;
  const since = options.since?.getTime() ?? lately;
  const collected = await collect(
    source,
    readEventFilter(options),
    { since, limit: options.limit, ...defined({ until: options.until?.getTime() }) },
    context.signal,
  );
  const { histories } = collected;
  await context.output.results(histories, () =>
    histories.length === 0
      ? none(collected, since)
      : context.output.table(
          HEAD,
          histories.map((history) => row(history, now)),
        ),
  );
  for (const line of notes(collected, since)) context.output.note(line);
  context.output.note(describeLook(source));
}

function row(history: EventHistory, now: number): string[] {
  const { event, outcome, status, attempts, lastAt } = history;
  const received = receivedAt(history);
  const isOver = outcome === "delivered" || outcome === "duplicate";
  const age = ((isOver ? Date.parse(lastAt) : now) - received) / 1_000;
  return [
    `${new Date(received).toISOString().slice(0, 19)}Z`,
    duration(Math.max(0, age)),
    outcome,
    status === undefined ? "-" : String(status),
    String(attempts),
    shortId(event.id, SHORT_ID_CHARACTERS),
    fitted(event.type ?? "-"),
  ];
}

/** Types begin alike: the end tells them apart. */
function fitted(type: string): string {
  const line = oneLine(type);
  const room = Math.max(TYPE_CHARACTERS, (process.stdout.columns ?? 200) - (80 - TYPE_CHARACTERS));
  return line.length <= room ? line : `…${line.slice(1 - room)}`;
}

function none({ seen }: Collected, since: number): string {
  const when = since <= 0 ? "" : ` since ${new Date(since).toISOString().slice(0, 19)}Z`;
  return seen === 0 ? `No events${when}.` : `None of ${seen} events${when} is chosen by what was given.`;
}

function notes({ histories, chosen, forgotten }: Collected, since: number): string[] {
  const last = histories.at(-1);
  return [
    chosen > histories.length &&
      last !== undefined &&
      `${histories.length} of ${chosen}; the next ones: --until ${new Date(receivedAt(last)).toISOString()}`,
    forgotten > 0 &&
      `There are too many events to keep them all: ${forgotten} are left out, first of those that are over or not chosen. Give a shorter range.`,
    since > 0 && "Older ones: --since 4d, for example.",
  ].filter((line) => line !== false);
}
