import { type Command, Option } from "commander";
import { shortId } from "../../../contract/event/identity.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import { counted } from "../../counted.ts";
import type { Cause } from "../../dlq/causes.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { noneOf } from "../../dlq/none.ts";
import { countLetters, type Group, type Stats } from "../../dlq/stats.ts";
import { withExamples } from "../../examples.ts";
import { wholeNumber } from "../../numbers.ts";
import type { Output } from "../../output.ts";

/** What dead letters may be counted by, and how the column is called. */
const COUNTED_BY = {
  class: ["CLASS", "byClass"],
  status: ["STATUS", "byStatus"],
  reason: ["REASON", "byReason"],
  source: ["SOURCE", "bySource"],
  type: ["TYPE", "byType"],
  hour: ["HOUR (UTC)", "byHour"],
} as const satisfies Record<string, readonly [string, keyof Stats]>;

interface StatsOptions extends FilterOptions {
  readonly by?: keyof typeof COUNTED_BY;
  readonly top: number;
}

const TOP = 10;
const VALUE_CHARACTERS = 68;
/** Enough of an id to tell events apart, and for `show`. */
const ID_CHARACTERS = 12;

export function addStats(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("stats")
        .description("counts dead letters by cause: class, status, type, and reason without ids and numbers")
        .addOption(
          new Option("--by <what>", "count by this in place of the cause").choices(Object.keys(COUNTED_BY)),
        )
        .option("--top <n>", "so many rows, those with the most", wholeNumber(1, 100_000), TOP),
    ).action(
      act<StatsOptions>(async (context, { by, top, ...filters }) => {
        const looked = await look(context, readFilter(filters));
        const { deadLetters, lookedAt, hiddenByOthers, complete } = looked;
        const { title } = await context.environment();
        const stats = countLetters(deadLetters);
        await context.output.result({ ...stats, lookedAt, hiddenByOthers, complete }, () => {
          if (stats.total === 0) return noneOf(looked, ` in ${title}`);
          const about = `${counted(stats.total, "dead letter")} in ${title}`;
          const span = `The first died ${short(stats.oldest)}, the last ${short(stats.newest)}.`;
          return by === undefined
            ? [
                `${about}, of ${counted(stats.causes.length, "cause")}.\n${span}`,
                causes(context.output, stats, top),
              ].join("\n\n")
            : [`${about}.\n${span}`, table(context.output, stats, by, top)].join("\n\n");
        });
      }),
    ),
    "genesys-dlq dlq stats",
    "genesys-dlq dlq stats --since 3d --environment production",
    "genesys-dlq dlq stats --by hour",
    "genesys-dlq dlq stats --json | jq '.causes[0]'",
  );
}

/** Three lines a cause: they fit any terminal, and leave the reason room. */
function causes({ colours }: Output, stats: Stats, top: number): string {
  const width = String(stats.causes[0]?.count ?? 0).length;
  const indent = " ".repeat(width + 2);
  const told = stats.causes.slice(0, top).map((cause) => {
    const share = `${Math.round(cause.share * 100)} %`;
    const head = [
      cause.class,
      cause.status,
      cause.eventType === undefined ? "no type" : oneLine(cause.eventType, 50),
    ];
    return [
      `${colours.bold(String(cause.count).padStart(width))}  ${head.filter((part) => part !== undefined).join(" ")}, ${share}`,
      `${indent}${oneLine(cause.text, VALUE_CHARACTERS)}`,
      colours.dim(
        `${indent}${when(cause)}, --cause ${cause.id}, last ${shortId(cause.example, ID_CHARACTERS)}`,
      ),
    ].join("\n");
  });
  return [...told, ...more(stats.causes.length, top, "cause")].join("\n\n");
}

function when({ count, firstAt, lastAt }: Cause): string {
  return count === 1 ? short(lastAt) : `${short(firstAt)} to ${short(lastAt)}`;
}

/** To the minute: `2026-11-24 08:30Z`. */
function short(time = ""): string {
  return `${time.slice(0, 16).replace("T", " ")}Z`;
}

function table(output: Output, stats: Stats, by: keyof typeof COUNTED_BY, top: number): string {
  const [name, key] = COUNTED_BY[by];
  const groups = stats[key];
  // Hours stand in their order, and the last ones are what one wants to see.
  const shown = by === "hour" ? groups.slice(-top) : groups.slice(0, top);
  return [
    output.table([name, "COUNT"], shown.map(row)),
    ...more(groups.length, top, by === "hour" ? "earlier hour" : "row"),
  ].join("\n\n");
}

function more(all: number, shown: number, what: string): string[] {
  return all > shown ? [`And ${counted(all - shown, `more ${what}`)}: --top ${all}, or --json.`] : [];
}

function row({ value, count }: Group): (string | number)[] {
  return [oneLine(value, VALUE_CHARACTERS), count];
}
