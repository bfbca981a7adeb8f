import type { Message } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { redriveDeadLetter, sendRedriven } from "../../../contract/dead-letter-queue.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { tellOfOpenBreaker } from "../../breaker/into-open.ts";
import type { Context } from "../../context.ts";
import { counted } from "../../counted.ts";
import { readMaxMessageBytes } from "../../dlq/depth.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../../dlq/filter.ts";
import { LeftOut } from "../../dlq/left-out.ts";
import { look } from "../../dlq/look.ts";
import { MOST_PER_SECOND, moveAll } from "../../dlq/move-task.ts";
import { endOfNone, noneOf } from "../../dlq/none.ts";
import { listParkedDeadLetters } from "../../dlq/parked.ts";
import { carryOut, type PlanResult } from "../../dlq/plan.ts";
import { countLetters } from "../../dlq/stats.ts";
import { withExamples } from "../../examples.ts";
import { numberAbove } from "../../numbers.ts";

/** What recovery redrives in a second, unless the environment says otherwise. */
const RATE = 10;

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
        .option("--rate <number>", "how many a second, at most", numberAbove(0, FASTEST), RATE)
        .option("--dry-run", "say what would be redriven, and redrive nothing"),
    )
      .action(
        act<RedriveOptions>(async (context, options) => {
          const filter = readFilter(options);
          if (options.dryRun) return rehearse(context, filter);
          const { kind } = await context.environment();
          await tellOfOpenBreaker(context);
          // In a local run one by one is as fast, and counts each redrive.
          const bySqs = filter === undefined && kind === "deployed" && options.rate <= MOST_PER_SECOND;
          return bySqs && Number.isInteger(options.rate)
            ? moveTask(context, options.rate)
            : oneByOne(context, filter, options.rate);
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

type Chosen = ReturnType<typeof readFilter>;

async function rehearse(context: Context, filter: Chosen): Promise<number> {
  const looked = await look(context, filter);
  const { total, byClass } = countLetters(looked.deadLetters);
  const classes = byClass.map(({ value, count }) => `${count} ${value}`).join(", ");
  await context.output.result({ dryRun: true, wouldRedrive: total, byClass }, () =>
    total === 0 ? `${noneOf(looked)} Nothing would be redriven.` : `${total} would be redriven: ${classes}.`,
  );
  return endOfNone(filter, total);
}

async function oneByOne(context: Context, filter: Chosen, perSecond: number): Promise<number> {
  const looked = await look(context, filter);
  const { deadLetters } = looked;
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const plan = new Set(deadLetters.map(({ messageId }) => messageId));
  const target = { ...outputs, maxMessageBytes: await readMaxMessageBytes(sqs, outputs.queueUrl) };
  const leftOut = new LeftOut();
  const counting = (redrive: typeof redriveDeadLetter) => async (message: Message) => {
    const end = await redrive(sqs, target, message);
    if (end.kind === "done") leftOut.add(end.leftOut);
    return end;
  };
  const work = { onQueue: counting(redriveDeadLetter), parked: counting(sendRedriven) };
  const outcome = await carryOut(context, plan, work, { doing: "redriven", rate: perSecond });
  leftOut.tell(context);
  const { done: redriven, ...rest } = outcome;
  await context.output.result({ chosen: plan.size, redriven, ...rest }, () =>
    plan.size === 0 ? `${noneOf(looked)} Nothing was redriven.` : summary(plan.size, outcome),
  );
  return outcome.refused + outcome.undeleted > 0 ? exitCodes.attention : endOfNone(filter, plan.size);
}

function summary(chosen: number, { done, refused, undeleted, gone, left }: PlanResult): string {
  return [
    `${done} of ${chosen} redriven.`,
    refused > 0 &&
      counted(refused, "stays: SQS does not take it as it is.", "stay: SQS does not take them as they are."),
    undeleted > 0 &&
      counted(
        undeleted,
        "was sent, but stays too: it could not be deleted.",
        "were sent, but stay too: they could not be deleted.",
      ),
    gone > 0 && `${counted(gone, "was", "were")} gone already: recovery, or another person, was faster.`,
    left > 0 && `${counted(left, "is", "are")} left, and visible: the same command goes on from here.`,
  ]
    .filter((line) => line !== false)
    .join("\n");
}

/** SQS moves the queue, and what is parked follows one by one. */
async function moveTask(context: Context, perSecond: number): Promise<number> {
  const { moved, status } = await moveAll(context, perSecond);
  if (status === "COMPLETED" && (await listParkedDeadLetters(context)).length > 0) {
    context.output.note(`${moved} redriven by SQS's move task; now those that are parked.`);
    return oneByOne(context, undefined, perSecond);
  }
  await context.output.result({ redriven: moved, bySqs: true, status }, () =>
    status === "COMPLETED"
      ? `${moved} redriven by SQS's move task.`
      : `${moved} redriven by SQS's move task; the rest is where it was, and the same command goes on with it.`,
  );
  return exitCodes.done;
}
