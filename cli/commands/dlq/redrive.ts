import type { Command } from "commander";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { tellOfOpenBreaker } from "../../breaker/into-open.ts";
import type { Context } from "../../context.ts";
import { addFilterOptions, type Filter, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { look } from "../../dlq/look.ts";
import { endOfNone, noneOf } from "../../dlq/none.ts";
import { describeRedrive, REDRIVES_PER_SECOND, redrive } from "../../dlq/redrive.ts";
import { countLetters } from "../../dlq/stats.ts";
import { withExamples } from "../../examples.ts";
import { numberAbove } from "../../numbers.ts";

/** More than any queue of ours takes from one sender. */
const FASTEST = 10_000;

interface RedriveOptions extends FilterOptions {
  readonly rate: number;
  readonly dryRun?: boolean;
}

export function addRedrive(dlq: Command): void {
  withExamples(
    addFilterOptions(
      dlq
        .command("redrive")
        .description("puts dead letters back on the main queue: those chosen, or all of them")
        .option("--rate <number>", "how many a second, at most", numberAbove(0, FASTEST), REDRIVES_PER_SECOND)
        .option("--dry-run", "say what would be redriven, and redrive nothing"),
    )
      .action(
        act<RedriveOptions>(async (context, options) => {
          const filter = readFilter(options);
          if (options.dryRun) return rehearse(context, filter);
          await tellOfOpenBreaker(context);
          const result = await redrive(context, filter, options.rate);
          await context.output.result(result.document, () => describeRedrive(result));
          if (result.kind === "moved") return exitCodes.done;
          const { chosen, outcome } = result;
          return outcome.refused + outcome.undeleted + outcome.hidden > 0
            ? exitCodes.attention
            : endOfNone(filter, chosen);
        }),
      )
      .addHelpText(
        "after",
        `
Interrupted and run again, it goes on where it was: no event is lost, and one that went twice has one
Idempotency-Key. Without a filter, SQS itself moves the whole queue of a deployed environment; Ctrl-C cancels that.
`,
      ),
    "genesys-dlq dlq redrive --class exhausted --since 2h --dry-run",
    "genesys-dlq dlq redrive --status 401,403 --rate 5",
    "genesys-dlq dlq redrive --environment production",
  );
}

async function rehearse(context: Context, filter: Filter | undefined): Promise<number> {
  const looked = await look(context, filter, undefined, { patient: true });
  const { total, byClass } = countLetters(looked.deadLetters);
  const classes = byClass.map(({ value, count }) => `${count} ${value}`).join(", ");
  await context.output.result({ dryRun: true, wouldRedrive: total, byClass }, () =>
    total === 0 ? `${noneOf(looked)} Nothing would be redriven.` : `${total} would be redriven: ${classes}.`,
  );
  return endOfNone(filter, total);
}
