import { tellOfOpenBreaker } from "../../cli/breaker/into-open.ts";
import { giveOrder } from "../../cli/breaker/order.ts";
import { watchClosed } from "../../cli/breaker/watch.ts";
import type { Context } from "../../cli/context.ts";
import { counted } from "../../cli/counted.ts";
import { exportToFile, whatIsMissing } from "../../cli/dlq/export.ts";
import { type Filter, readFilter } from "../../cli/dlq/filter.ts";
import { readFilterWords } from "../../cli/dlq/filter-words.ts";
import { look } from "../../cli/dlq/look.ts";
import { noneOf } from "../../cli/dlq/none.ts";
import { describeRedrive, REDRIVES_PER_SECOND, redrive } from "../../cli/dlq/redrive.ts";
import { isThisMachine, replay, replayUrl } from "../../cli/dlq/replay.ts";
import { replayableOnQueue } from "../../cli/dlq/replayable.ts";
import { countLetters } from "../../cli/dlq/stats.ts";
import type { Environment } from "../../cli/environment/environment.ts";
import { UsageError } from "../../contract/command-error.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import type { Action, FilterWords } from "../api.ts";
import { filterWords } from "../command.ts";
import type { Work } from "./activities.ts";
import { contextOf } from "./said.ts";

const REPLAY_MILLISECONDS = 60_000;

/** @throws {UsageError} as the command would refuse it */
export function readWords(filter: FilterWords): Filter | undefined {
  return readFilter(readFilterWords(filterWords(filter)));
}

/**
 * What an action does: what its command does.
 *
 * @throws {UsageError} before anything is done, as the command would refuse it
 */
export function workOf(action: Action, environment: Environment): Work {
  const working = (work: (context: Context) => Promise<boolean>): Work => {
    return async (said, signal) => ({ attention: await work(contextOf(environment, said, signal)) });
  };
  switch (action.kind) {
    case "redrive": {
      const filter = readWords(action.filter);
      return working((context) => redriveThem(context, filter));
    }
    case "export": {
      const filter = readWords(action.filter);
      return working((context) => exportThem(context, filter));
    }
    case "breaker":
      return working(async (context) => {
        const { signal } = context;
        const { to } = action;
        await giveOrder(
          environment,
          to === "open" ? orderToOpen(action.reason) : { breaker: "close" },
          signal,
        );
        context.output.note(to === "open" ? "The breaker is open." : "The breaker is closed.");
        return to === "close" && (await watchClosed(context)) !== exitCodes.done;
      });
    case "replay": {
      const url = replayUrl(action.to);
      if (!isThisMachine(url)) {
        throw new UsageError(
          `${url.host} is another machine.`,
          "From here events go to this one alone; the command asks, and sends them elsewhere.",
        );
      }
      return working((context) => replayOne(context, action.id, url));
    }
  }
}

/** What a redrive would do, in a sentence. @throws what SQS or S3 throw */
export async function rehearse(context: Context, filter: Filter | undefined): Promise<string> {
  const looked = await look(context, filter);
  const { total, byClass } = countLetters(looked.deadLetters);
  if (total === 0) return `${noneOf(looked)} Nothing would be redriven.`;
  return `${total} would be redriven: ${byClass.map(({ value, count }) => `${count} ${value}`).join(", ")}.`;
}

function orderToOpen(reason: string) {
  return { breaker: "open", ...(reason === "" ? {} : { reason }) } as const;
}

async function redriveThem(context: Context, filter: Filter | undefined): Promise<boolean> {
  await tellOfOpenBreaker(context);
  const result = await redrive(context, filter, REDRIVES_PER_SECOND);
  context.output.note(describeRedrive(result));
  if (result.kind === "moved") return false;
  return result.chosen === 0 || result.outcome.refused + result.outcome.undeleted > 0;
}

/** Into the folder that the console was started in, under a name that nothing has. */
async function exportThem(context: Context, filter: Filter | undefined): Promise<boolean> {
  const { outputs } = await context.environment();
  const moment = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const file = `dead-letters-${outputs.environment}-${moment}.jsonl`;
  const { exported, ...missing } = await exportToFile(context, file, { filter, payloads: true });
  const lines = whatIsMissing(missing);
  context.output.note([`${counted(exported, "dead letter")} exported to ${file}.`, ...lines].join("\n"));
  return lines.length > 0 || exported === 0;
}

async function replayOne(context: Context, id: string, url: URL): Promise<boolean> {
  const { replays, absent } = await replayableOnQueue(context, readFilter({ id: [id] }), 1);
  for (const { why } of absent) context.output.note(`Not sent: ${why}`);
  for (const each of replays) {
    const { answer, milliseconds, text } = await replay(each, url, {
      timeoutMilliseconds: REPLAY_MILLISECONDS,
    });
    context.output.note(`${url.host} answered ${answer} after ${milliseconds} ms. ${text}`.trim());
    if (typeof answer !== "number" || answer < 200 || answer > 299) return true;
  }
  if (replays.length + absent.length === 0)
    context.output.note("It is no dead letter any more. Nothing was sent.");
  return replays.length === 0;
}
