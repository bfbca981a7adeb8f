import { type CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { functionNames } from "../../contract/environment.ts";
import type { StackOutputs } from "../../contract/outputs.ts";
import { prices } from "../../contract/prices.ts";
import { logGroupOf } from "./function-output.ts";
import { type InsightsPace, MOST_ROWS, queryString, runQuery, usualPace } from "./insights.ts";
import type { LineFilter, LogLine, LogNote, LogSource, LookCost, TimeRange } from "./log-source.ts";
import { type PollPace, pollGroups, usualPollPace } from "./poll-groups.ts";

export interface CloudWatchPace {
  readonly insights?: InsightsPace;
  readonly poll?: PollPace;
}

const DAY_MILLISECONDS = 86_400_000;
/** A part is cut so that it holds fewer rows than a query gives, events coming as evenly as they do. */
const ROWS_A_PART = MOST_ROWS * 0.6;
/** Logs Insights knows no less. */
const LEAST_MILLISECONDS = 1_000;

/**
 * A deployed pipeline's log: looks by Logs Insights, which is billed by the bytes it scans; what comes, by
 * `FilterLogEvents`, which is free and gives every line. Live Tail gives 500 lines a second and samples the rest.
 */
export class CloudWatchLogs implements LogSource {
  readonly about =
    "It looks into CloudWatch Logs, which may be late by some seconds, seldom by a minute or two.";
  readonly #client: () => Promise<CloudWatchLogsClient>;
  readonly #outputs: StackOutputs;
  readonly #pace: CloudWatchPace;
  #bytesScanned = 0;

  constructor(client: () => Promise<CloudWatchLogsClient>, outputs: StackOutputs, pace: CloudWatchPace = {}) {
    this.#client = client;
    this.#outputs = outputs;
    this.#pace = pace;
  }

  get cost(): LookCost {
    return { bytesScanned: this.#bytesScanned, dollars: this.#bytesScanned * prices.logByteScanned };
  }

  async keptSince(): Promise<number | undefined> {
    const logGroupNamePrefix = logGroupOf(this.#outputs, "receiver");
    try {
      const { logGroups = [] } = await (await this.#client()).send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix }),
      );
      const group = logGroups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix);
      if (group === undefined) return undefined;
      const { creationTime = 0, retentionInDays: days } = group;
      return days === undefined ? creationTime : Math.max(creationTime, Date.now() - days * DAY_MILLISECONDS);
    } catch {
      return undefined; // whoever may query need not be allowed to describe
    }
  }

  async *query(range: TimeRange, filter: LineFilter, signal: AbortSignal): AsyncGenerator<LogLine> {
    const groups = functionNames.map((name) => ({ name, group: logGroupOf(this.#outputs, name) }));
    const result = await runQuery(
      await this.#client(),
      groups.map(({ group }) => group),
      queryString(filter),
      range,
      signal,
      this.#pace.insights ?? usualPace,
    );
    this.#bytesScanned += result.bytesScanned;
    const span = range.to - range.from;
    if (result.matched > MOST_ROWS && span > LEAST_MILLISECONDS) {
      // Its rows are no certain part of all: each part is asked for anew, so that none is left out.
      for (const part of partsOf(range, Math.ceil(result.matched / ROWS_A_PART)))
        yield* this.query(part, filter, signal);
      return;
    }
    for (const { log, message } of result.rows) {
      const found = groups.find(({ group }) => log.endsWith(group));
      if (found !== undefined) yield { function: found.name, text: message };
    }
  }

  async *follow(
    filter: LineFilter,
    signal: AbortSignal,
    onBegun?: () => void,
  ): AsyncGenerator<LogLine | LogNote> {
    const beganAt = Date.now();
    onBegun?.(); // it goes by the time of lines
    const groups = functionNames.map((name) => ({ name, group: logGroupOf(this.#outputs, name) }));
    yield* pollGroups(
      await this.#client(),
      groups,
      filter,
      signal,
      this.#pace.poll ?? usualPollPace,
      beganAt,
    );
  }
}

/** Whole seconds each, without a gap. */
function partsOf({ from, to }: TimeRange, count: number): TimeRange[] {
  const seconds = Math.max(1, Math.ceil((to - from) / LEAST_MILLISECONDS / Math.max(2, count)));
  const parts: TimeRange[] = [];
  const start = Math.floor(from / 1_000) * 1_000;
  for (let at = start; at < to; at += seconds * 1_000)
    parts.push({ from: Math.max(from, at), to: Math.min(to, at + seconds * 1_000) });
  return parts;
}
