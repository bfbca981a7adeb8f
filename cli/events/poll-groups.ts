import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { defined } from "../../contract/defined.ts";
import type { FunctionName } from "../../contract/environment.ts";
import { pause } from "../pause.ts";
import { mayBeWanted } from "./is-wanted-line.ts";
import type { LineFilter, LogLine, LogNote } from "./log-source.ts";

export interface PollPace {
  readonly everyMilliseconds: number;
  readonly longestMilliseconds: number;
}

export const usualPollPace: PollPace = { everyMilliseconds: 2_000, longestMilliseconds: 30_000 };

/** Lines come late, and out of order: each look goes back so far, and now and then much further. */
const BACK_MILLISECONDS = 20_000;
const FAR_BACK_MILLISECONDS = 300_000;
const FAR_BACK_EVERY = 30;
/** Ids of lines that were told already, for five minutes of a thousand events a second. */
const MOST_SEEN = 1_000_000;

interface Group {
  readonly name: FunctionName;
  readonly group: string;
}

/**
 * New lines about events, from `beganAt` on. A look that fails or is throttled is told once, and tried again with longer
 * pauses from where the last one stood.
 *
 * @throws what the service says for good: no permission, no such log group
 */
export async function* pollGroups(
  logs: CloudWatchLogsClient,
  groups: readonly Group[],
  filter: LineFilter,
  signal: AbortSignal,
  pace: PollPace,
  beganAt = Date.now(),
): AsyncGenerator<LogLine | LogNote> {
  const seen = new Map<string, number>();
  let doneUntil = beganAt;
  let failures = 0;
  for (let look = 1; !signal.aborted; look++) {
    const lookedAt = Date.now();
    const back = look % FAR_BACK_EVERY === 0 ? FAR_BACK_MILLISECONDS : BACK_MILLISECONDS;
    const from = Math.max(beganAt, doneUntil - back);
    try {
      for (const group of groups) {
        for await (const line of linesOf(logs, group, from, seen, signal))
          if (mayBeWanted(line.text, filter)) yield line;
      }
      doneUntil = lookedAt;
      failures = 0;
      forget(seen, lookedAt - FAR_BACK_MILLISECONDS - BACK_MILLISECONDS);
    } catch (error) {
      if (signal.aborted) return;
      if (isForGood(error)) throw error;
      if (failures === 0)
        yield { note: `A look at the logs failed (${(error as Error).name}); trying again.` };
      failures++;
    }
    await pause(Math.min(pace.longestMilliseconds, pace.everyMilliseconds * 2 ** failures), signal);
  }
}

async function* linesOf(
  logs: CloudWatchLogsClient,
  { name, group }: Group,
  startTime: number,
  seen: Map<string, number>,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        startTime,
        filterPattern: '{ $.event_id = "*" }',
        ...defined({ nextToken }),
      }),
      { abortSignal: signal },
    );
    for (const { eventId = "", message = "", timestamp = 0 } of page.events ?? []) {
      if (seen.has(eventId)) continue;
      seen.set(eventId, timestamp);
      yield { function: name, text: message.trimEnd() };
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined && !signal.aborted);
}

/** No look goes back so far any more. */
function forget(seen: Map<string, number>, before: number): void {
  for (const [id, at] of seen) if (at < before || seen.size > MOST_SEEN) seen.delete(id);
}

function isForGood(error: unknown): boolean {
  const { name = "", $metadata } = (error ?? {}) as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 429 && !/Throttl|LimitExceeded/.test(name);
}
