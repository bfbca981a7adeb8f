import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CommandError } from "../../contract/command-error.ts";
import { pause } from "../pause.ts";
import type { LineFilter, TimeRange } from "./log-source.ts";

/** Rows of one query: Logs Insights gives no more. */
export const MOST_ROWS = 10_000;
/** Tries of one query that fails, expires or is turned away, a pause between that doubles. */
const TRIES = 6;

export interface InsightsPace {
  /** Between two looks at a query that runs. */
  readonly lookMilliseconds: number;
  /** Before the second try. */
  readonly retryMilliseconds: number;
}

export const usualPace: InsightsPace = { lookMilliseconds: 500, retryMilliseconds: 1_000 };

export interface InsightsResult {
  readonly rows: readonly { readonly log: string; readonly message: string }[];
  /** Rows that there are, those beyond {@link MOST_ROWS} too. */
  readonly matched: number;
  readonly bytesScanned: number;
}

/** Logs Insights' own language. What it cannot say is looked at again by whoever reads the lines. */
export function queryString({ id, conversation, sources }: LineFilter): string {
  const tests = [
    "ispresent(event_id)",
    id === undefined ? undefined : `(event_id like ${quoted(id)} or short_id like ${quoted(id)})`,
    conversation === undefined ? undefined : `conversation_id like ${quoted(conversation)}`,
    sources === undefined ? undefined : isOf(sources),
  ].filter((test) => test !== undefined);
  return `fields @message, @log | filter ${tests.join(" and ")} | limit ${MOST_ROWS}`;
}

/** A delivered event's line has its source in its id alone. */
function isOf(sources: readonly string[]): string {
  const plain = sources.filter((source) => /^[a-z-]+$/.test(source));
  const inId = plain.length === 0 ? "" : ` or event_id like /^(?:${plain.join("|")})[|@!*]/`;
  return `(source in [${sources.map(quoted).join(", ")}]${inId})`;
}

/** A text that says nothing but itself: it may be a stranger's. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll(/[\n\r]/g, " ")}"`;
}

/**
 * Runs one query to its end. One that fails, expires or is turned away for want of capacity is run again, a few times.
 *
 * @param range whole seconds are looked at
 * @throws what the service throws for good; {@link CommandError} where the query fails again and again; the signal's reason
 */
export async function runQuery(
  logs: CloudWatchLogsClient,
  logGroupNames: readonly string[],
  query: string,
  range: TimeRange,
  signal: AbortSignal,
  pace: InsightsPace = usualPace,
): Promise<InsightsResult> {
  let why: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await pause(pace.retryMilliseconds * 2 ** (tries - 1), signal);
    signal.throwIfAborted();
    try {
      const result = await runOnce(logs, logGroupNames, query, range, signal, pace);
      if (result.status === "Complete") return resultOf(result);
      why = new CommandError(
        `The query of the logs has ended as ${result.status}.`,
        "Run it again, or give a shorter range with --since and --until.",
      );
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      why = error;
    }
  }
  throw why;
}

async function runOnce(
  logs: CloudWatchLogsClient,
  logGroupNames: readonly string[],
  queryString: string,
  { from, to }: TimeRange,
  signal: AbortSignal,
  { lookMilliseconds }: InsightsPace,
): Promise<GetQueryResultsCommandOutput> {
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupNames: [...logGroupNames],
      startTime: Math.floor(from / 1_000),
      endTime: Math.max(Math.floor(from / 1_000), Math.ceil(to / 1_000) - 1), // inclusive
      queryString,
      limit: MOST_ROWS,
    }),
    { abortSignal: signal },
  );
  try {
    for (;;) {
      const result = await logs.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal });
      if (result.status !== "Scheduled" && result.status !== "Running") return result;
      await pause(lookMilliseconds, signal);
      signal.throwIfAborted();
    }
  } catch (error) {
    // It would go on, and be paid for. Whether it can be stopped changes nothing here.
    await logs.send(new StopQueryCommand({ queryId })).catch(() => undefined);
    throw error;
  }
}

/** Too many queries at once, too many calls, or a query that has expired meanwhile. */
function mayPass(error: unknown): boolean {
  const { name = "", $fault: fault } = (error ?? {}) as { name?: string; $fault?: string };
  if (name === "ResourceNotFoundException") return /query/i.test((error as Error).message);
  return /Throttl|LimitExceeded|ServiceUnavailable|InternalFailure/.test(name) || fault === "server";
}

function resultOf({ results = [], statistics }: GetQueryResultsCommandOutput): InsightsResult {
  const rows = results.map((fields) => {
    const value = (name: string) => fields.find(({ field }) => field === name)?.value ?? "";
    return { message: value("@message"), log: value("@log") };
  });
  const { recordsMatched = rows.length, bytesScanned = 0 } = statistics ?? {};
  return { rows, matched: Math.max(recordsMatched, rows.length), bytesScanned };
}
