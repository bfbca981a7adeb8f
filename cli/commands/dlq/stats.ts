import type { Command } from "commander";
import { oneLine } from "../../../contract/plain-text.ts";
import { act } from "../../act.ts";
import { counted } from "../../counted.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { noneOf } from "../../dlq/none.ts";
import { countLetters, type Group } from "../../dlq/stats.ts";
import { withExamples } from "../../examples.ts";

const SECTIONS = [
  ["CLASS", "byClass"],
  ["STATUS", "byStatus"],
  ["REASON", "byReason"],
  ["SOURCE", "bySource"],
  ["TYPE", "byType"],
  ["HOUR (UTC)", "byHour"],
] as const;

const VALUE_CHARACTERS = 90;

export function addStats(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq.command("stats").description("counts dead letters by class, status, reason, source, type and hour"),
    ).action(
      act<FilterOptions>(async (context, options) => {
        const looked = await look(context, readFilter(options));
        const { deadLetters, lookedAt, hiddenByOthers, complete } = looked;
        const { title } = await context.environment();
        const stats = countLetters(deadLetters);
        await context.output.result({ ...stats, lookedAt, hiddenByOthers, complete }, () => {
          if (stats.total === 0) return noneOf(looked, ` in ${title}`);
          const span = `the first died ${stats.oldest}, the last ${stats.newest}`;
          const tables = SECTIONS.map(([name, key]) =>
            context.output.table([name, "COUNT"], stats[key].map(row)),
          );
          return [`${counted(stats.total, "dead letter")} in ${title}; ${span}`, ...tables].join("\n\n");
        });
      }),
    ),
    "genesys-dlq dlq stats",
    "genesys-dlq dlq stats --since 3d --environment production",
    "genesys-dlq dlq stats --json | jq .byStatus",
  );
}

function row({ value, count }: Group): (string | number)[] {
  return [oneLine(value, VALUE_CHARACTERS), count];
}
