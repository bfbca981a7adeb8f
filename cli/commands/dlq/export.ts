import type { Command } from "commander";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { counted } from "../../counted.ts";
import { exportLines, exportToFile, whatIsMissing } from "../../dlq/export.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { endOfNone } from "../../dlq/none.ts";
import { withExamples } from "../../examples.ts";

interface ExportOptions extends FilterOptions {
  readonly payloads: boolean;
}

export function addExport(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("export")
        .description("writes dead letters to a file, a JSON document a line; they stay on the queue")
        .argument("<file>", "where to; - is stdout. It holds customers' data: only its owner can read it")
        .option("--no-payloads", "leave out the events that lie in the overflow bucket"),
    )
      .action(
        act<ExportOptions>(async (context, options, file = "-") => {
          const { payloads, ...filters } = options;
          const filter = readFilter(filters);
          const { exported, ...missing } =
            file === "-"
              ? await exportLines(context, { filter, payloads }, (line) => context.output.write(line))
              : await exportToFile(context, file, { filter, payloads });
          const lines = whatIsMissing(missing);
          if (file === "-") {
            for (const line of [`${counted(exported, "dead letter")} exported.`, ...lines]) {
              context.output.note(line);
            }
          } else {
            await context.output.result({ exported, file, ...missing }, () =>
              [`${counted(exported, "dead letter")} exported to ${file}.`, ...lines].join("\n"),
            );
          }
          return lines.length > 0 ? exitCodes.attention : endOfNone(filter, exported);
        }),
      )
      .addHelpText(
        "after",
        `
Exit code 3 says that it is not the whole: some are hidden from it, have come meanwhile, or have no event.
What it holds can be purged by the file (dlq purge --exported), and nothing else goes with it.
`,
      ),
    "genesys-dlq dlq export kept.jsonl",
    "genesys-dlq dlq export kept.jsonl && genesys-dlq dlq purge --exported kept.jsonl",
    "genesys-dlq dlq export - --class permanent | jq -r .body",
  );
}
